import { openCommand, Option, wholeNumber } from '@noisy-pairs/command-line';
import { methods, type SubjectMethod } from './subject.ts';

/** A command over a step to be timed, with the options that say which. */
export function subjectCommand(name: string, description: string, examples: readonly string[]) {
  return openCommand(name, description, examples, [
    'Figures of one machine are in docs/performance.md.',
  ])
    .option(
      '--size <pixels>',
      "edge of the images; up to 32 with CIFAR's stem",
      wholeNumber(1),
      128,
    )
    .option('--batch <n>', 'images a batch', wholeNumber(1), 16)
    .addOption(
      new Option('--method <name>', 'pretraining method')
        .choices(Object.keys(methods) as SubjectMethod[])
        .default('moco' as const),
    )
    .addOption(
      new Option('--precision <type>', 'of the networks')
        .choices(['float32', 'bf16'] as const)
        .default('float32' as const),
    );
}
