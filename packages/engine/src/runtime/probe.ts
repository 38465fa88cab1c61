// Loads the runtime, runs one op, and prints what it found as JSON: a process of its own, so that a
// crash is a message and not the end.
try {
  const { tf } = await import('../tensorflow.ts');
  const backend = tf.backend() as unknown as {
    binding: { TF_Version: string };
    isUsingGpuDevice: boolean;
  };
  const [value] = tf
    .tensor2d([[1, 2]])
    .matMul(tf.tensor2d([[3], [4]]))
    .dataSync();
  if (value !== 11) throw new Error(`expected 1 * 3 + 2 * 4 = 11, got ${value}`);
  console.log(
    JSON.stringify({
      version: backend.binding.TF_Version,
      devices: backend.isUsingGpuDevice ? ['GPU', 'CPU'] : ['CPU'],
    }),
  );
} catch (error) {
  console.error((error as Error).message.split('\n')[0]);
  process.exitCode = 1;
}
