import { openRegularFile } from '@noisy-pairs/imaging';

/** Bytes of a frame's marker, length, depth, height, width and number of components. */
const frameBytes = 10;

export const isJpegHead = (head: Buffer): boolean =>
  head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff;

/** Size and bands of a JPEG, from its frame. @throws `PATH: ...` if it is cut off before */
export async function readJpegHeader(
  path: string,
): Promise<{ readonly width: number; readonly height: number; readonly bands: number }> {
  const file = await openRegularFile(path);
  try {
    const segment = Buffer.alloc(frameBytes);
    for (let at = 2; ; at += 2 + segment.readUInt16BE(2)) {
      const { bytesRead } = await file.read(segment, 0, frameBytes, at);
      const marker = segment.readUInt8(1);
      if (bytesRead < frameBytes || segment[0] !== 0xff || segment.readUInt16BE(2) < 2)
        throw new Error(`${path}: expected a JPEG, got one whose header is cut off or broken`);
      if (!isFrame(marker)) continue;
      const [height, width] = [segment.readUInt16BE(5), segment.readUInt16BE(7)];
      return { width, height, bands: segment.readUInt8(9) };
    }
  } finally {
    await file.close();
  }
}

/** SOF0 .. SOF15, but for the three of that range that are tables. */
const isFrame = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
