import { createBlockCache } from '../tiff/block-cache.ts';
import { openTiff } from '../tiff/tiff.ts';
import type { Window } from '../window.ts';
import { openRasterioPeer, type Peer } from './rasterio-peer.ts';
import { median, timeReads } from './time-reads.ts';

export interface CompareOptions {
  /** A TIFF. */
  readonly file: string;
  /** A Python with rasterio; without it ours alone is timed. */
  readonly python: string | undefined;
  /** Edge of the window in pixels. */
  readonly edge: number;
  /** Measurements, each of ours and of the peer in turns. */
  readonly pairs: number;
  /** Reads a measurement. */
  readonly reads: number;
}

/** Medians over the measurements, in milliseconds. */
export interface AreaTimes {
  readonly ms: number;
  readonly peer?: {
    readonly version: string;
    readonly ms: number;
    /** Its milliseconds over ours, measurement by measurement. */
    readonly ratio: number;
    /** Whether its pixels are ours. */
    readonly equal: boolean;
  };
}

export interface ReadComparison {
  readonly width: number;
  readonly height: number;
  /** TIFF's number. */
  readonly compression: number;
  readonly layout: 'tiles' | 'strips';
  readonly full: AreaTimes;
  readonly window: AreaTimes;
}

/**
 * Times reading a TIFF whole and by a window, ours and rasterio's in turns.
 * @throws as openTiff and Peer.time
 */
export async function compareReads(options: CompareOptions): Promise<ReadComparison> {
  const { file, python, edge } = options;
  const { width, height, compression, tiled } = (await openTiff(file, createBlockCache(0)))
    .structure;
  const window = aside(width, height, edge);
  const peer = python === undefined ? undefined : openRasterioPeer(python, file, window);
  try {
    return {
      width,
      height,
      compression,
      layout: tiled ? 'tiles' : 'strips',
      full: await compareArea('full', options, undefined, peer),
      window: await compareArea('window', options, window, peer),
    };
  } finally {
    peer?.close();
  }
}

/** A window neither at the file's beginning nor at a block's. */
function aside(width: number, height: number, edge: number): Window {
  const [w, h] = [Math.min(edge, width), Math.min(edge, height)];
  return { x: Math.min(300, width - w), y: Math.min(300, height - h), width: w, height: h };
}

async function compareArea(
  area: 'full' | 'window',
  { file, pairs, reads }: CompareOptions,
  window: Window | undefined,
  peer: Peer | undefined,
): Promise<AreaTimes> {
  // Once for nothing, until code is compiled and the file is in memory.
  let ours = await timeReads(file, window, reads);
  let theirs = await peer?.time(area, reads);
  const times: number[] = [];
  const peerTimes: number[] = [];
  for (let i = 0; i < pairs; i++) {
    ours = await timeReads(file, window, reads);
    times.push(ours.ms);
    theirs = await peer?.time(area, reads);
    if (theirs) peerTimes.push(theirs.ms);
  }
  const ms = median(times);
  if (!theirs) return { ms };
  return {
    ms,
    peer: {
      version: theirs.version,
      ms: median(peerTimes),
      ratio: median(peerTimes.map((peerMs, i) => peerMs / (times[i] as number))),
      equal: ours.sha256 === theirs.sha256,
    },
  };
}
