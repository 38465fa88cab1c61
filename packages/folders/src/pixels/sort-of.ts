import type { ImageHeader } from '@noisy-pairs/geo';

type Sort = Pick<ImageHeader, 'sampleType' | 'bands' | 'hasAlpha'>;

/** The sort of an image, whose stretch it shares: `TYPE x BANDS`, without opacity. */
export function sortOf({ sampleType, bands, hasAlpha }: Sort, isBandFile: boolean): string {
  return `${sampleType} x ${isBandFile ? 'one file a band' : bands - (hasAlpha ? 1 : 0)}`;
}

/** Whether samples are more than 8 bits, which are pixels only after a stretch. */
export const isWide = ({ sampleType }: Pick<ImageHeader, 'sampleType'>): boolean =>
  sampleType !== '1/8';
