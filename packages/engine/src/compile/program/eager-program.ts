import { disposeAll, type NamedTensors } from '../../tree/tree.ts';
import { tf, type Tensor } from '../../tensorflow.ts';
import {
  oneAtATime,
  unknownEntry,
  type FlatProgram,
  type NamedSpecs,
  type NamedStep,
  type NamedValues,
} from './flat-program.ts';
import { fetchTensor } from './host-tensor.ts';
import { checkedInput, checkNames } from './inputs.ts';
import type { StepResult } from './program.ts';
import { isLike, typed } from './variables.ts';

const now = () => Number(process.hrtime.bigint()) / 1e6;

/** A program whose functions run op by op. */
export function eagerProgram(): FlatProgram {
  let state: NamedTensors = {};
  const alone = oneAtATime();

  const call = async (
    step: NamedStep,
    specs: NamedSpecs,
    values: NamedValues,
  ): Promise<StepResult> => {
    const started = now();
    const given = givenTensors(specs, values);
    const { stepped, outputs } = steppedOnce(step, state, given);
    const ended = now();
    const before = state;
    state = { ...state, ...stepped };
    disposeExcept(state, before, given);
    await Promise.resolve(); // as a compiled run, this one ends later than it is asked for
    return { outputs, started, ended };
  };

  return {
    eager: true,
    start(tensors) {
      state = copies(tensors);
      return Promise.resolve();
    },
    compile: (step, specs) => ({
      compileMs: 0,
      ops: 0,
      run: (values) => alone(() => call(step, specs, values)),
      profile: () =>
        Promise.reject(new Error('profile: expected a compiled program, got an eager one')),
    }),
    read: (names) => Promise.resolve(copies(some(state, names))),
    write(tensors) {
      requireLike(state, tensors);
      const fresh = copies(tensors);
      disposeAll(some(state, Object.keys(fresh)));
      state = { ...state, ...fresh };
      return Promise.resolve();
    },
    close() {
      disposeAll(state);
      state = {};
    },
  };
}

/**
 * Runs a step. If it throws, nothing is left of it, the inputs neither.
 * @returns what it makes of the state, and its outputs read
 */
function steppedOnce(step: NamedStep, state: NamedTensors, given: NamedTensors) {
  let outputs: StepResult['outputs'] = {};
  try {
    const stepped = tf.tidy(() => {
      const result = step(state, given);
      requireLike(state, result.state);
      outputs = Object.fromEntries(
        Object.entries(result.outputs).map(([name, tensor]) => [name, fetchTensor(tensor)]),
      );
      return result.state;
    });
    return { stepped, outputs };
  } catch (error) {
    disposeAll(given);
    throw error;
  }
}

/** Inputs as tensors. @throws if one is not as declared */
function givenTensors(specs: NamedSpecs, values: NamedValues): NamedTensors {
  checkNames(specs, values);
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => {
      const data = checkedInput(name, spec, values[name]);
      const tensor =
        spec.dtype === 'uint8'
          ? tf.tensor(new Float32Array(data), [...spec.shape])
          : tf.tensor(data.slice(), [...spec.shape], spec.dtype);
      return [name, tensor];
    }),
  );
}

function copies(tensors: NamedTensors): NamedTensors {
  // clone() would share what the original's owner frees
  const copy = (tensor: Tensor) =>
    tf.mul(tensor, tf.scalar(1, tensor.dtype === 'bool' ? 'int32' : tensor.dtype));
  return tf.tidy(() =>
    Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, copy(tensor)])),
  );
}

/** Frees what is in some records and not among what is kept. */
function disposeExcept(kept: NamedTensors, ...freed: readonly NamedTensors[]): void {
  const tensors = new Set(freed.flatMap((record) => Object.values(record)));
  for (const tensor of Object.values(kept)) tensors.delete(tensor);
  for (const tensor of tensors) tensor.dispose();
}

/** @throws if there is no entry of such a name */
function some(state: NamedTensors, names: readonly string[]): NamedTensors {
  return Object.fromEntries(
    names.map((name): [string, Tensor] => {
      const tensor = state[name];
      if (!tensor) throw unknownEntry(name);
      return [name, tensor];
    }),
  );
}

/** @throws if an entry is unknown, or of another shape or type */
function requireLike(state: NamedTensors, tensors: NamedTensors): void {
  for (const [name, tensor] of Object.entries(tensors)) {
    const old = state[name];
    if (!old) throw unknownEntry(name);
    if (!isLike(tensor, old))
      throw new Error(`state ${name}: expected ${typed(old)} as before, got ${typed(tensor)}`);
  }
}
