#!/usr/bin/env node
// folders:score with features too, which need TensorFlow; the program of packages/folders has none.
import { callerPath, openCommand, Option, runCommand } from '@noisy-pairs/command-line';
import { fixTensorFlowThreads } from '@noisy-pairs/engine/threads';
import { scoreByFlags, scoreHelp, withScoreFlags } from '@noisy-pairs/folders';
import { hogScorer, nccScorer } from '@noisy-pairs/scores';

const { name, description, examples, remarks } = scoreHelp;
const byFeatures =
  'npx nx run folders:score -- --root ~/pairs --score features --init encoder.safetensors --out s';
const command = withScoreFlags(openCommand(name, description, [...examples, byFeatures], remarks))
  .addOption(
    new Option(
      '--score <name>',
      'hog: directions of gradients; ncc: correlation; features: of the encoder of --init, place ' +
        'by place',
    )
      .choices(['hog', 'ncc', 'features'] as const)
      .default('hog' as const),
  )
  .option(
    '--init <file>',
    "encoder weights, .safetensors: a run's, an exported one's, or torchvision's ResNet-18, 34, 50",
    callerPath,
  );

await runCommand(command, async ({ score, init, ...flags }) => {
  if ((score === 'features') !== (init !== undefined))
    throw new Error(
      score === 'features'
        ? '--score features: expected --init with the weights of an encoder, got none'
        : `--init: expected --score features with it, got ${score}`,
    );
  if (init === undefined) {
    await scoreByFlags(flags, score === 'ncc' ? nccScorer : hogScorer);
    return;
  }
  fixTensorFlowThreads(1);
  const { openFeatureScorer } = await import('../embedding/features/feature-scorer.ts');
  const opened = await openFeatureScorer(init);
  await scoreByFlags(flags, opened.scorer).finally(() => {
    opened.close();
  });
});
