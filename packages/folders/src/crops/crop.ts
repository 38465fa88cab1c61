import type { Window } from '@noisy-pairs/geo';
import type { Raster } from '@noisy-pairs/imaging';

/** How pairs are cut. */
export interface CropOptions {
  /** Edge in pixels; 0 for whole images, which must be squares of one size. */
  readonly size: number;
  /** From one crop to the next; default = size: side by side, from the upper left. */
  readonly stride?: number;
  /**
   * Crops of which a larger share is black in either image, as padding and nodata are, are left
   * out. Default 0.1; 1 keeps all.
   */
  readonly mostNodata?: number;
}

/** A square of a pair. */
export interface FolderCrop {
  /** Index into the pairs. */
  readonly pair: number;
  readonly window: Window;
  /** Share of pixels that hold nothing in either image, 0..1. */
  readonly nodata: number;
  /** Changed pixels over those that the mask knows; null without a mask, or if it knows none. */
  readonly changedShare: number | null;
}

/** A crop with its pixels. */
export interface CropPixels extends FolderCrop {
  /** RGB. */
  readonly first: Raster;
  readonly second: Raster;
  /** 0 unchanged, 1 changed, 255 not known; undefined without a mask. */
  readonly change: Uint8Array | undefined;
}
