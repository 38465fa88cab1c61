import { disposeAll, type NamedTensors } from '../gradients.ts';
import { tf, type Tensor } from '../tensorflow.ts';
import { checkedInput, checkNames, fetchTensor, type InputSpec } from './host-tensor.ts';
import type { Program, StepFunction } from './program.ts';

const now = () => Number(process.hrtime.bigint()) / 1e6;

/** Programs whose functions run op by op. */
export function eagerProgram(): Program & { start(state: NamedTensors): Promise<void> } {
  let state: Record<string, Tensor> = {};
  let busy = false;
  const copy = (tensor: Tensor) =>
    // clone() would share what the original's owner frees
    tf.mul(tensor, tf.scalar(1, tensor.dtype === 'bool' ? 'int32' : tensor.dtype));

  const call = async (
    step: StepFunction,
    specs: Readonly<Record<string, InputSpec>>,
    values: Parameters<ReturnType<Program['compile']>['run']>[0],
  ) => {
    if (busy)
      throw new Error(
        'program: expected one run at a time, got another while one is under way; await it first',
      );
    checkNames(specs, values);
    busy = true;
    try {
      const started = now();
      const given = Object.fromEntries(
        Object.entries(specs).map(([name, spec]) => {
          const data = checkedInput(name, spec, values[name]);
          return [
            name,
            spec.dtype === 'uint8'
              ? tf.tensor(new Float32Array(data), [...spec.shape])
              : tf.tensor(data.slice(), [...spec.shape], spec.dtype),
          ];
        }),
      );
      const result = tf.tidy(() => {
        const { state: next = {}, outputs } = step(state, given);
        for (const [name, tensor] of Object.entries(next)) requireLike(name, state[name], tensor);
        return { next, outputs };
      });
      const outputs = Object.fromEntries(
        Object.entries(result.outputs).map(([name, tensor]) => [name, fetchTensor(tensor)]),
      );
      const ended = now();
      const before = state;
      state = { ...state, ...result.next };
      const kept = new Set<Tensor>(Object.values(state));
      for (const tensor of new Set([
        ...Object.values(before),
        ...Object.values(given),
        ...Object.values(result.outputs),
      ]))
        if (!kept.has(tensor)) tensor.dispose();
      await Promise.resolve(); // as a compiled run, this one ends later than it is asked for
      return { outputs, started, ended };
    } finally {
      busy = false;
    }
  };

  return {
    eager: true,
    start(tensors) {
      state = tf.tidy(() =>
        Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, copy(tensor)])),
      );
      return Promise.resolve();
    },
    compile: (step, specs) => ({
      compileMs: 0,
      ops: 0,
      run: (values) => call(step, specs, values),
      profile: () =>
        Promise.reject(new Error('profile: expected a compiled program, got an eager one')),
    }),
    read: (names = Object.keys(state)) =>
      Promise.resolve(
        tf.tidy(() =>
          Object.fromEntries(
            names.map((name) => {
              const tensor = state[name];
              if (!tensor)
                throw new Error(
                  `state ${name}: expected one of the program's entries, got another name`,
                );
              return [name, copy(tensor)];
            }),
          ),
        ),
      ),
    write(tensors) {
      for (const [name, tensor] of Object.entries(tensors)) requireLike(name, state[name], tensor);
      const fresh = tf.tidy(() =>
        Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, copy(tensor)])),
      );
      for (const name of Object.keys(fresh)) state[name]?.dispose();
      state = { ...state, ...fresh };
      return Promise.resolve();
    },
    close() {
      disposeAll(state);
      state = {};
    },
  };
}

function requireLike(name: string, old: Tensor | undefined, tensor: Tensor): void {
  if (!old)
    throw new Error(`state ${name}: expected one of the program's entries, got another name`);
  if (tensor.dtype !== old.dtype || tensor.shape.join() !== old.shape.join()) {
    throw new Error(
      `state ${name}: expected ${old.dtype} [${old.shape.join(', ')}] as before, got ` +
        `${tensor.dtype} [${tensor.shape.join(', ')}]`,
    );
  }
}
