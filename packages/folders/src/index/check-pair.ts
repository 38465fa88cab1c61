import { join } from 'node:path';
import type { MaskRole } from '../pixels/open-labels.ts';
import type { NamedPair } from '../rules/found.ts';
import { allLeftOut } from '../rules/twins.ts';
import { reasonOf } from '../tree/reason-of.ts';
import { checkImages, type CheckedPair } from './check-images.ts';
import { checkMask, type CheckedMask } from './check-mask.ts';
import type { LeftOut } from './folder-index.ts';
import type { IndexOptions } from './options.ts';

const maskRoles = ['change', 'firstMask', 'secondMask'] as const satisfies readonly MaskRole[];

/** A pair whose files were looked into; or the reasons why it is none. */
export interface CheckResult {
  readonly named: NamedPair;
  readonly images: CheckedPair | undefined;
  readonly masks: Partial<Record<MaskRole, CheckedMask>>;
  /** Its files that are of no use. */
  readonly leftOut: readonly LeftOut[];
}

/** Reads headers of images, and masks. Nothing is thrown: what cannot be read is left out. */
export async function checkPair(
  root: string,
  named: NamedPair,
  options: IndexOptions,
): Promise<CheckResult> {
  let images: CheckedPair;
  try {
    images = await checkImages(root, named, options);
  } catch (error) {
    return {
      named,
      images: undefined,
      masks: {},
      leftOut: refusedPair(named, lineOf(error, root)),
    };
  }
  const masks: Partial<Record<MaskRole, CheckedMask>> = {};
  const leftOut: LeftOut[] = [];
  const rules = { classes: options.classes ? [...options.classes] : null, fit: options.fit };
  for (const role of maskRoles) {
    const file = named[role];
    if (file === undefined) continue;
    try {
      masks[role] = await checkMask(root, file, role, images, rules);
    } catch (error) {
      const reason = withoutFile(lineOf(error, root), file);
      leftOut.push({ path: file, reason: `${reason}; its pair is kept without` });
    }
  }
  return { named, images, masks, leftOut };
}

function refusedPair(named: NamedPair, line: string): LeftOut[] {
  const { first, second } = named;
  const masks = maskRoles.flatMap((role) => named[role] ?? []);
  const all = [...first.files, ...second.files];
  const culprit = all.find((file) => line.startsWith(`${file}: `)) ?? first.files[0];
  const rest = [...allLeftOut(first, ''), ...allLeftOut(second, '')].map(({ path }) => path);
  const reason = `its pair is left out, by ${culprit}`;
  return [
    { path: culprit, reason: withoutFile(line, culprit) },
    ...[...rest, ...masks].filter((path) => path !== culprit).map((path) => ({ path, reason })),
  ];
}

const withoutFile = (line: string, file: string) =>
  line.startsWith(`${file}: `) ? line.slice(file.length + 2) : line;

/** An error's message on one line, paths below the root. */
function lineOf(error: unknown, root: string): string {
  const isOfSystem = (error as NodeJS.ErrnoException).code !== undefined;
  const message = isOfSystem ? reasonOf(error) : (error as Error).message;
  return message.replaceAll(join(root, '/'), '').replace(/\s+/g, ' ').trim();
}
