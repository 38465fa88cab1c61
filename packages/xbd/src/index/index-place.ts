import { join } from 'node:path';
import { countNodata, readImageHeader, readTile, type ImageHeader } from '@noisy-pairs/geo';
import { readLabel } from '../labels/label-text.ts';
import { damages, type Building, type Label } from '../labels/label.ts';
import type { TileFiles } from './find-tiles.ts';
import type { XbdPair, XbdProblem } from './index-file.ts';
import { openReport, type PlaceReport } from './place-report.ts';

export interface IndexedPlace {
  /** undefined if a problem is fatal. */
  readonly pair: XbdPair | undefined;
  readonly problems: readonly XbdProblem[];
}

/**
 * Pixels beyond the frame that are worth a word: xBD itself has polygons that stick out by a third
 * of one.
 */
const tolerance = 1;

/** Reads a place's headers and labels, and its pixels if asked to, and checks that they fit. */
export async function indexPlace(
  root: string,
  files: TileFiles,
  pixels: boolean,
): Promise<IndexedPlace> {
  const report = openReport(root, files);
  reportMissing(files, report);
  const before = await report.attempt(files.pre, readImageHeader);
  const after = await report.attempt(files.post, readImageHeader);
  const label = await report.attempt(files.postLabel, readLabel);
  const labelBefore = await report.attempt(files.preLabel, readLabel);

  checkSizes(files.post, before, after, report);
  checkBands(files.pre, before, report);
  checkBands(files.post, after, report);
  checkLabel(files.preLabel, labelBefore, before, report);
  checkLabel(files.postLabel, label, before, report);
  checkDamages(files.postLabel, label, report);

  const { problems } = report;
  if (problems.some(({ fatal }) => fatal) || !before || !label)
    return { pair: undefined, problems };
  const nodataShare = pixels
    ? await report.attempt(files.pre, () => shareOfNodata(root, files))
    : null;
  const pair = nodataShare === undefined ? undefined : pairOf(files, before, label, nodataShare);
  return { pair, problems };
}

function reportMissing({ pre, post, preLabel, postLabel }: TileFiles, report: PlaceReport): void {
  if (pre === undefined) report.refuse('', 'no image before');
  if (post === undefined) report.refuse('', 'no image after');
  if (postLabel === undefined) report.refuse('', 'no label after');
  if (preLabel === undefined) report.note('', 'no label before');
}

function checkSizes(
  post: string | undefined,
  before: ImageHeader | undefined,
  after: ImageHeader | undefined,
  report: PlaceReport,
): void {
  if (post === undefined || !before || !after) return;
  const [expected, got] = [sizeOf(before), sizeOf(after)];
  if (got !== expected) report.refuse(post, `expected ${expected} pixels as before, got ${got}`);
}

const sizeOf = ({ width, height }: { width: number; height: number }) => `${width} x ${height}`;

function checkBands(
  file: string | undefined,
  header: ImageHeader | undefined,
  report: PlaceReport,
): void {
  if (file !== undefined && header && header.bands < 3)
    report.refuse(file, `expected three bands or more, got ${header.bands}`);
}

function checkLabel(
  file: string | undefined,
  label: Label | undefined,
  header: ImageHeader | undefined,
  report: PlaceReport,
): void {
  if (file === undefined || !label || !header) return;
  checkLabelSize(file, label.metadata, header, report);
  const twice = repeatedUids(label.buildings);
  if (twice.length > 0) {
    const first = twice[0]?.slice(0, 40) ?? '';
    report.note(file, `expected each uid once, got ${twice.length} more than once: ${first}`);
  }
  const beyond = label.buildings
    .map((building) => pixelsBeyond(building, header))
    .filter((pixels) => pixels > tolerance);
  if (beyond.length > 0) {
    const farthest = Math.ceil(Math.max(...beyond));
    const got = `got ${beyond.length} that stick out, the farthest by ${farthest} pixels`;
    report.note(file, `expected buildings inside the image, ${got}`);
  }
  const empty = label.buildings.filter(({ polygons }) => polygons.length === 0).length;
  if (empty > 0) report.note(file, `expected buildings with an outline, got ${empty} without`);
}

/** A label that does not tell its image's size is taken to be of it. */
function checkLabelSize(
  file: string,
  { width, height }: Label['metadata'],
  header: ImageHeader,
  report: PlaceReport,
): void {
  if (Number.isNaN(width) || Number.isNaN(height))
    report.note(file, "a label without width and height as numbers: its image's are taken");
  const size = {
    width: Number.isNaN(width) ? header.width : width,
    height: Number.isNaN(height) ? header.height : height,
  };
  const [expected, got] = [sizeOf(header), sizeOf(size)];
  if (got !== expected) report.refuse(file, `expected a label of ${expected} pixels, got ${got}`);
}

/** Uids of several buildings; a missing uid is none. */
function repeatedUids(buildings: readonly Building[]): string[] {
  const counts = new Map<string, number>();
  for (const { uid } of buildings) counts.set(uid, (counts.get(uid) ?? 0) + 1);
  return [...counts].filter(([uid, count]) => uid !== '' && count > 1).map(([uid]) => uid);
}

/** By how many pixels a building sticks out of the frame. */
function pixelsBeyond({ polygons }: Building, { width, height }: ImageHeader): number {
  let most = 0;
  for (const ring of polygons.flat()) {
    for (let i = 0; i < ring.length; i += 2) {
      const [x, y] = [ring[i] as number, ring[i + 1] as number];
      most = Math.max(most, -x, -y, x - width, y - height);
    }
  }
  return most;
}

function checkDamages(
  file: string | undefined,
  label: Label | undefined,
  report: PlaceReport,
): void {
  const without = label?.buildings.filter(({ damage }) => damage === undefined).length ?? 0;
  if (file !== undefined && without > 0)
    report.refuse(file, `expected a damage for each building after, got ${without} without`);
}

async function shareOfNodata(root: string, { pre, post }: TileFiles): Promise<number> {
  const read = (file = '') => readTile(join(root, file));
  const [before, after] = await Promise.all([read(pre), read(post)]);
  return countNodata(before, after) / (before.width * before.height);
}

/** The row of a place of which nothing is missing. */
function pairOf(
  { split, stem, disaster, id, ...paths }: TileFiles,
  { width, height }: ImageHeader,
  { buildings, lngLat, metadata }: Label,
  nodataShare: number | null,
): XbdPair | undefined {
  const { pre, post, preLabel = null, postLabel, preTarget = null, postTarget = null } = paths;
  if (pre === undefined || post === undefined || postLabel === undefined) return undefined;
  const counts = damages.map((damage) => [
    damage,
    buildings.filter((building) => building.damage === damage).length,
  ]);
  const outline = lngLat.find(({ polygons }) => polygons.length > 0)?.polygons[0]?.[0];
  return {
    split,
    stem,
    disaster: disaster || metadata.disaster,
    id,
    type: metadata.disasterType,
    pre,
    post,
    preLabel,
    postLabel,
    preTarget,
    postTarget,
    width,
    height,
    buildings: Object.fromEntries(counts) as XbdPair['buildings'],
    place: outline ? [outline[0] as number, outline[1] as number] : null,
    nodataShare,
  };
}
