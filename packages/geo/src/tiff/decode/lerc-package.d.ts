/** The part of the package lerc that is used; it comes without types. */
declare module 'lerc' {
  interface Decoded {
    /** Bands, or one of all bands where they are interleaved. */
    readonly pixels: readonly ArrayBufferView[];
  }
  const lerc: {
    /** @throws a text */
    decode(blob: ArrayBuffer, options: { readonly returnPixelInterleavedDims: boolean }): Decoded;
  };
  export default lerc;
}
