/**
 * Fixes the threads of TensorFlow in this process, to be called before it is loaded, which is when
 * it reads them. The number decides in which order sums are added, and so the last bits of a
 * result: a run has its configuration's, wherever it is done. One thread between ops: runs share
 * the cores.
 * @param threads inside an op
 */
export function fixTensorFlowThreads(threads: number): void {
  process.env['TF_NUM_INTRAOP_THREADS'] = String(threads);
  process.env['OMP_NUM_THREADS'] = String(threads);
  process.env['TF_NUM_INTEROP_THREADS'] = '1';
}
