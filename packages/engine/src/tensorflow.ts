import './prepare.ts';
import * as tf from '@tensorflow/tfjs-node-gpu';

export { tf };
export type {
  DataType,
  Rank,
  Scalar,
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor3D,
  Tensor4D,
  Variable,
} from '@tensorflow/tfjs-node-gpu';
