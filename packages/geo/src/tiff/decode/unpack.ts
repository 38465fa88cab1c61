/**
 * Turns a block's bytes into plain ones, not yet in the machine's order nor without predictor. They
 * may be fewer than asked for, if the packed ones are, and are its caller's.
 */
export type Unpack = (
  bytes: Buffer,
  plainBytes: number,
  what: string,
) => Uint8Array | Promise<Uint8Array>;
