/** Start of image, end of image, start of scan, restarts 0 to 7. */
const [soi, eoi, sos, rst0, rst7] = [0xd8, 0xd9, 0xda, 0xd0, 0xd7];
/** Markers that libjpeg stops at: reserved ones, some of other kinds of JPEG, a new start. */
const isUnknown = (marker: number) =>
  (marker < 0xc0 && marker !== 1) ||
  marker === soi ||
  marker === 0xc8 ||
  marker === 0xde ||
  marker === 0xdf ||
  (marker > 0xef && marker < 0xfe);

/**
 * Looks through a JPEG's scans as libjpeg does when it ends; libvips does not let it, so that a
 * marker in its last rows goes unseen. Files of other formats pass.
 * @throws for a marker that no JPEG has among its scans, or none that ends it
 */
export function checkJpegScans(bytes: Uint8Array): void {
  if (bytes[0] !== 0xff || bytes[1] !== soi || bytes[2] !== 0xff) return;
  let at = segmentEnd(bytes, 2);
  for (let isScan = false; ;) {
    at = bytes.indexOf(0xff, at);
    const marker = at < 0 ? undefined : bytes[at + 1];
    if (marker === undefined) throw new Error('a JPEG without its end');
    if (marker === eoi) return;
    const isData = marker === 0 || (marker >= rst0 && marker <= rst7);
    if (isScan && !isData && marker !== 0xff && isUnknown(marker))
      throw new Error(`a JPEG with marker ${marker} at byte ${at}, which none has there`);
    isScan ||= marker === sos;
    if (isData || marker === 1) at += 2;
    else at = marker === 0xff ? at + 1 : segmentEnd(bytes, at);
  }
}

const segmentEnd = (bytes: Uint8Array, at: number) =>
  at + 2 + (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
