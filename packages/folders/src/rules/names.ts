/** The folder of a path, empty at the root. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
export const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
export const joined = (...parts: readonly string[]): string => parts.filter(Boolean).join('/');

/** Names of twins, first and second; what stands first is preferred. Small letters. */
export const folderTwins = [
  ['a', 'b'],
  ['im1', 'im2'],
  ['image1', 'image2'],
  ['img1', 'img2'],
  ['images1', 'images2'],
  ['time1', 'time2'],
  ['t1', 't2'],
  ['pre', 'post'],
  ['pre-event', 'post-event'],
  ['pre_event', 'post_event'],
  ['before', 'after'],
  ['imgs_1_rect', 'imgs_2_rect'], // of OSCD: warped onto one another
  ['imgs_1', 'imgs_2'],
] as const;

/** The same in file names, as a part between `_`, `-`, `.` or a space. */
export const nameTwins = [
  ['pre', 'post'],
  ['before', 'after'],
  ['time1', 'time2'],
  ['im1', 'im2'],
  ['image1', 'image2'],
  ['img1', 'img2'],
  ['t1', 't2'],
  ['a', 'b'],
  ['1', '2'],
] as const;

/** Names of masks of change, of folders and in file names; what stands first is preferred. */
export const changeNames = ['label', 'labels', 'mask', 'masks', 'out', 'gt', 'change', 'cm'];
export const firstMaskName = 'label1';
export const secondMaskName = 'label2';

/** Parts of a name, and what stands between them. */
export const partsOf = (stem: string): string[] => stem.split(/([_\-. ]+)/);

const roleWords: ReadonlySet<string> = new Set([
  ...nameTwins.flat().filter((word) => word.length > 1),
  ...changeNames,
  firstMaskName,
  secondMaskName,
]);

/** A stem without words of roles, dates and years: what the two of a pair have in common. */
const commonStem = (stem: string, own: readonly string[]): string =>
  partsOf(stem)
    .filter((part, i) => i % 2 === 0 && !roleWords.has(part.toLowerCase()))
    .filter((part) => !own.includes(part.toLowerCase()))
    .filter((part) => !/^(19|20)\d\d(\d{4})?(t\d{6})?$/i.test(part))
    .join('_');

/**
 * A path below a folder as the common stem has it.
 * @param own further words of roles, in small letters: the names of the twin folders
 */
export const commonPath = (path: string, own: readonly string[] = []): string =>
  joined(folderOf(path), commonStem(baseOf(path), own));
