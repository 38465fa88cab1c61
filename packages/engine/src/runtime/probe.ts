// Loads the runtime, runs one op, and prints what it found as JSON: a process of its own, so that a
// crash is a message and not the end.
try {
  const { backend, tensorflowVersion } = await import('../native.ts');
  const { tf } = await import('../tensorflow.ts');
  const [value] = tf.tidy(() =>
    tf
      .tensor2d([[1, 2]])
      .matMul(tf.tensor2d([[3], [4]]))
      .dataSync(),
  );
  if (value !== 11) throw new Error(`expected 1 * 3 + 2 * 4 = 11, got ${value}`);
  const devices = backend.isUsingGpuDevice ? ['GPU', 'CPU'] : ['CPU'];
  console.log(JSON.stringify({ version: tensorflowVersion(), devices }));
} catch (error) {
  console.error((error as Error).message.split('\n')[0]);
  process.exitCode = 1;
}
