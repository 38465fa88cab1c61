/** Which TensorFlow: pinned, so that everybody computes with the same library. */
export const TENSORFLOW_VERSION = '2.21.0';

export type Device = 'cpu' | 'gpu';

/** Wheels on the Python package index that carry the C library; any Python can fetch them, none has to run them. */
export const wheels: Record<Device, { readonly requirement: string; readonly sha256: string }> = {
  cpu: { requirement: `tensorflow-cpu==${TENSORFLOW_VERSION}`, sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c' },
  gpu: { requirement: `tensorflow==${TENSORFLOW_VERSION}`, sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124' },
};

/** What TensorFlow's extra `and-cuda` asks for; found by pip in any release within these bounds. */
export const cudaRequirements = [
  'nvidia-cublas-cu12>=12.5.3.2,<13', 'nvidia-cuda-cupti-cu12>=12.5.82,<13', 'nvidia-cuda-nvcc-cu12>=12.5.82,<13', 'nvidia-cuda-nvrtc-cu12>=12.5.82,<13',
  'nvidia-cuda-runtime-cu12>=12.5.82,<13', 'nvidia-cudnn-cu12>=9.3.0.75,<10', 'nvidia-cufft-cu12>=11.2.3.61,<12', 'nvidia-curand-cu12>=10.3.6.82,<11',
  'nvidia-cusolver-cu12>=11.6.3.83,<12', 'nvidia-cusparse-cu12>=12.5.1.3,<13', 'nvidia-nccl-cu12>=2.27.7,<3', 'nvidia-nvjitlink-cu12>=12.5.82,<13',
] as const;

/** The wheel's tags, named so that pip takes it whatever Python and system release it runs on. */
export const pipPlatform = ['--only-binary=:all:', '--python-version', '3.11', '--platform', 'manylinux_2_27_x86_64'] as const;
