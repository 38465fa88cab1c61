/**
 * Meaning of a label, for titles and legends: one of several names, or a share 0..1 of something.
 */
export type Meaning =
  | { readonly type: 'names'; readonly title: string; readonly names: readonly string[] }
  | { readonly type: 'share'; readonly title: string; readonly of: string };

/** Labels of an image; NaN where one is not known. */
export interface ImageLabels {
  /**
   * Images of one group are alike for reasons of their own (two versions of one, a place), and
   * never vouch for each other.
   */
  readonly group: number;
  /** An index into the names of its meaning, or a share. */
  readonly class: number;
  /** An index into the names of its meaning. */
  readonly noise: number;
  /**
   * The same by pixel: [S, S] indices into the names, or `ignoreLabel`; absent where only whole
   * images are labelled.
   */
  readonly pixels?: { readonly classes: Uint8Array; readonly noise: Uint8Array };
}

/**
 * Meanings of the labels of whole images, or of pixels. Left out where a label says nothing.
 */
export interface Meanings {
  readonly class: Meaning;
  readonly noise?: Meaning;
}

/** Labelled images whose features are looked at. */
export interface EmbeddingImages {
  /** Edge in pixels. */
  readonly size: number;
  readonly length: number;
  /** Sentences on them for the page. */
  readonly about: string;
  readonly image: Meanings;
  readonly pixel?: Meanings;
  /** Why an unlabelled pixel has no class, for the legend. */
  readonly unlabelled?: string;
  /** Writes image `index` (size * size * 3 bytes). @returns what is known of it, the caller's */
  read(index: number, image: Uint8Array): ImageLabels | Promise<ImageLabels>;
}
