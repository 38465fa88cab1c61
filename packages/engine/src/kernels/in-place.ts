import { attribute, types } from '../attributes.ts';
import { currentRecording, type Recording } from '../compile/recording/recording.ts';
import { tf, type Scalar, type Tensor } from '../tensorflow.ts';

// Updates of state. Compiled, each is one native op that changes the variable where it lies;
// eagerly, the same arithmetic on new tensors.

const float = attribute.type('T', types.float32);

/**
 * The recording under way, if these are all variables as they were at the start of the step, and so
 * can be updated in place.
 */
function inPlace(...state: Tensor[]): Recording | undefined {
  const recording = currentRecording();
  return recording && state.every((tensor) => recording.variableOf(tensor)) ? recording : undefined;
}

/**
 * v <- momentum v + gradient; w <- w - learningRate v (torch's SGD).
 * @param w any shape @param v like w @param gradient like w
 */
export function momentumUpdate<T extends Tensor>(
  w: T,
  v: T,
  gradient: T,
  learningRate: Scalar,
  momentum: Scalar,
): { w: T; v: T } {
  return tf.tidy(() => {
    const recording = inPlace(w, v);
    if (recording) {
      const [newW, newV] = recording.update(
        'ResourceApplyMomentum',
        [w, v],
        [learningRate, gradient, momentum],
        [float],
      ) as [T, T];
      return { w: newW, v: newV };
    }
    const next = v.mul<T>(momentum).add<T>(gradient);
    return { w: w.sub<T>(next.mul(learningRate)), v: next };
  });
}

/** average <- average + (1 - m) (value - average). */
export function movingAverage<T extends Tensor>(average: T, value: T, m: Scalar | number): T {
  return tf.tidy(() => {
    const share = typeof m === 'number' ? tf.scalar(1 - m) : tf.sub<Scalar>(1, m);
    const recording = inPlace(average);
    if (recording)
      return recording.update(
        'ResourceApplyGradientDescent',
        [average],
        [share, average.sub(value)],
        [float],
      )[0] as T;
    return average.sub<T>(average.sub<T>(value).mul(share));
  });
}

/**
 * Adam (Kingma and Ba 2015, algorithm 1): m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g^2; w <- w
 * - rate m^ / (sqrt(v^) + epsilon), with m^ and v^ corrected by 1 / (1 - b^t).
 * @param beta1Power b1^t, t counting from 1
 * @param beta2Power b2^t
 */
export function adamUpdate<T extends Tensor>(
  w: T,
  m: T,
  v: T,
  gradient: T,
  rates: {
    learningRate: Scalar;
    beta1: Scalar;
    beta2: Scalar;
    beta1Power: Scalar;
    beta2Power: Scalar;
    epsilon: Scalar;
  },
): { w: T; m: T; v: T } {
  const { learningRate, beta1, beta2, beta1Power, beta2Power, epsilon } = rates;
  return tf.tidy(() => {
    const recording = inPlace(w, m, v);
    const correction = tf.sub(1, beta2Power).sqrt();
    if (recording) {
      // TensorFlow takes epsilon where the paper's footnote has it: scaled by the correction it is
      // the same.
      const [newW, newM, newV] = recording.update(
        'ResourceApplyAdam',
        [w, m, v],
        [beta1Power, beta2Power, learningRate, beta1, beta2, epsilon.mul(correction), gradient],
        [float],
      ) as [T, T, T];
      return { w: newW, m: newM, v: newV };
    }
    const newM = m.add<T>(gradient.sub<T>(m).mul(tf.sub(1, beta1)));
    const newV = v.add<T>(gradient.square<T>().sub<T>(v).mul(tf.sub(1, beta2)));
    const step = newM
      .div<T>(newV.sqrt().add(epsilon.mul(correction)))
      .mul<T>(learningRate.mul(correction).div(tf.sub(1, beta1Power)));
    return { w: w.sub<T>(step), m: newM, v: newV };
  });
}
