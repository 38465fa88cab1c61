import { fastestPeer } from './fastest-peer.ts';
import type { Peer, PeerTiming, PeerVariant } from './peer.ts';
import { median } from './statistics.ts';
import { openWarmSubject, timeSteps, type SubjectOptions } from './subject.ts';

/** How often is measured. */
export interface Rounds {
  /** Measurements, each of ours and of the peer in turns. */
  readonly pairs: number;
  /** Steps a measurement; their median counts. */
  readonly steps: number;
}

export interface StepComparison {
  readonly medianMs: number;
  readonly compileMs: number;
  /** Peak resident set of this process. */
  readonly rssMiB: number;
  readonly peer?: PeerTimes;
}

interface PeerTimes {
  /** Version and variant of PyTorch. */
  readonly name: string;
  readonly medianMs: number;
  readonly rssMiB: number;
  /** PyTorch's time over ours, a measurement each. */
  readonly ratios: readonly number[];
}

/**
 * Times a step, and PyTorch's beside it, in turns.
 * @param python a Python with torch and torchvision
 * @param onTried told the best time of each variant of the peer
 * @throws what the peer died of
 */
export async function compareSteps(
  options: SubjectOptions,
  { pairs, steps }: Rounds,
  python?: string,
  onTried?: (variant: PeerVariant, ms: number) => void,
): Promise<StepComparison> {
  const peer =
    python === undefined ? undefined : await fastestPeer(python, options, steps, onTried);
  try {
    const subject = await openWarmSubject(options);
    const ours: number[] = [];
    const theirs: PeerTiming[] = [];
    for (let i = 0; i < pairs; i++) {
      ours.push(await timeSteps(subject, steps));
      if (peer) theirs.push(await peer.time(steps));
    }
    const rssMiB = Math.round(process.resourceUsage().maxRSS / 1024);
    subject.program.close();
    return {
      medianMs: median(ours),
      compileMs: subject.entry.compileMs,
      rssMiB,
      ...(peer && { peer: peerTimes(peer, theirs, ours) }),
    };
  } finally {
    peer?.close();
  }
}

function peerTimes(
  { variant }: Peer,
  theirs: readonly PeerTiming[],
  ours: readonly number[],
): PeerTimes {
  const last = theirs.at(-1) as PeerTiming;
  return {
    name: `PyTorch ${last.version} ${variant}`,
    medianMs: median(theirs.map(({ ms }) => ms)),
    rssMiB: last.rssMiB,
    ratios: theirs.map(({ ms }, i) => ms / (ours[i] ?? NaN)),
  };
}

/** A step's median milliseconds for each of several batch sizes, one after another. */
export async function* timeCurve(
  options: SubjectOptions,
  batches: readonly number[],
  { pairs, steps }: Rounds,
): AsyncGenerator<{ readonly batch: number; readonly medianMs: number }> {
  for (const batch of batches) {
    const subject = await openWarmSubject({ ...options, batch });
    const times: number[] = [];
    for (let i = 0; i < pairs; i++) times.push(await timeSteps(subject, steps));
    subject.program.close();
    yield { batch, medianMs: median(times) };
  }
}
