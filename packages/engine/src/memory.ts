import { tf } from './tensorflow.ts';

/** Memory that the process holds now: live tensors, their bytes, and the resident set in bytes. */
export function memory(): { tensors: number; bytes: number; residentBytes: number } {
  const { numTensors, numBytes } = tf.memory();
  return { tensors: numTensors, bytes: numBytes, residentBytes: process.memoryUsage.rss() };
}
