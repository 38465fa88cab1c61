import { openPeer, peerVariants, type Peer, type PeerOptions, type PeerVariant } from './peer.ts';
import { warmUp } from './subject.ts';

/** Measurements a variant; the best counts. */
const rounds = 3;

/**
 * The fastest way to run PyTorch here: all are tried in turns, the others are ended.
 * @param steps a measurement
 * @param onTried told each one's best time, the fastest first
 */
export async function fastestPeer(
  python: string,
  options: PeerOptions,
  steps: number,
  onTried?: (variant: PeerVariant, ms: number) => void,
): Promise<Peer> {
  const tried: { peer: Peer; ms: number }[] = [];
  try {
    for (const variant of peerVariants) {
      const peer = openPeer(python, options, variant);
      tried.push({ peer, ms: Infinity });
      await peer.time(warmUp);
    }
    for (let round = 0; round < rounds; round++) {
      for (const one of tried) one.ms = Math.min(one.ms, (await one.peer.time(steps)).ms);
    }
  } catch (error) {
    for (const { peer } of tried) peer.close();
    throw error;
  }
  tried.sort((a, b) => a.ms - b.ms);
  for (const { peer, ms } of tried) onTried?.(peer.variant, ms);
  const [fastest, ...others] = tried;
  for (const { peer } of others) peer.close();
  return (fastest as { peer: Peer }).peer;
}
