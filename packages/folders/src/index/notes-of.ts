import type { CheckedImage } from './check-images.ts';
import type { CheckResult } from './check-pair.ts';
import type { PixelRules } from './folder-index.ts';

/** What is done to pixels and masks, as whoever uses the index should know. */
export function notesOf(checks: readonly CheckResult[], pixels: PixelRules): string[] {
  const images = checks.flatMap(({ images: pair }) => (pair ? [pair.first, pair.second] : []));
  const masks = checks.flatMap((check) => Object.values(check.masks));
  const sizes = checks.filter(({ images: pair }) => {
    if (!pair) return false;
    const { first, second } = pair;
    return first.width !== second.width || first.height !== second.height;
  });
  const counted = (is: (image: CheckedImage) => boolean, text: string) => {
    const count = images.filter(is).length;
    return count > 0 ? [`${count} of ${images.length} images ${text}`] : [];
  };
  const cuts = masks.filter(({ wasCut }) => wasCut).length;
  return [
    ...counted(({ isGrey }) => isGrey, 'are grey: three equal bands'),
    ...counted(({ hasAlpha }) => hasAlpha, 'have opacity, which is dropped: black where it is 0'),
    ...counted(({ hasFourth }) => hasFourth, 'have four bands, of which the first three are used'),
    ...stretchLines(pixels),
    ...(cuts > 0 ? [`${cuts} masks are JPEG: cut at 128`] : []),
    ...(pixels.ignores255 ? ['255 in masks is "not known", as it is found beside 0 and 1'] : []),
    ...(sizes.length > 0
      ? [`${sizes.length} pairs have images of two sizes: the upper left part that both have`]
      : []),
  ];
}

function stretchLines({ stretch }: PixelRules): string[] {
  return Object.entries(stretch ?? {}).map(([sort, ranges]) => {
    const text = ranges.map(([dark, bright]) => `${short(dark)}..${short(bright)}`).join(', ');
    return `images of type ${sort} are stretched over the set: red, green, blue ${text}`;
  });
}

const short = (value: number) => String(Number(value.toPrecision(5)));
