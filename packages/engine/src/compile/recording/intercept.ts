import { backend, type Binding } from '../../native.ts';
import { tf, type Tensor } from '../../tensorflow.ts';
import { CompileError } from '../graph/step-line.ts';

/** Stand-ins for parts of tfjs-node. */
export interface Interception {
  readonly binding: Pick<Binding, 'executeOp' | 'deleteTensor' | 'tensorDataSync'>;
  /** The native id of an op's input. */
  readonly idOf: (tensor: Tensor) => number;
  /** Called when a value is asked for in a promise. */
  readonly onRead: () => void;
}

/**
 * Runs `f` while parts of tfjs-node are replaced, and nothing that JavaScript draws at random can
 * be had.
 * @throws CompileError where `f` draws
 */
export function intercept<T>({ binding, idOf, onRead }: Interception, f: () => T): T {
  const engine = tf.engine() as unknown as { startScope(name?: string | null): void };
  const startScope = engine.startScope.bind(engine);
  const realBinding = backend.binding;
  const realRandom = Math.random;
  backend.binding = withReplaced(realBinding, binding);
  backend.getInputTensorIds = (tensors) => tensors.map(idOf);
  backend.read = () => {
    onRead();
    return new Promise(() => undefined); // the recording fails; nobody shall go on with a value
  };
  engine.startScope = (name) => {
    requireNotRandom(name?.replace(/(_|__op)$/, '') ?? '');
    startScope(name);
  };
  Math.random = () => {
    throw new CompileError(
      'Math.random: expected no random numbers of JavaScript in a step, which would be the ' +
        'same in every step; draw outside and pass them as an input',
    );
  };
  try {
    return f();
  } finally {
    Math.random = realRandom;
    delete (engine as { startScope?: unknown }).startScope;
    delete backend.read;
    delete backend.getInputTensorIds;
    backend.binding = realBinding;
  }
}

/** A copy of the binding, whose own properties are read-only, with some replaced. */
function withReplaced(real: Binding, replaced: Interception['binding']): Binding {
  const properties = real as unknown as Readonly<Record<string, unknown>>;
  const names = Object.getOwnPropertyNames(real);
  const copy = Object.fromEntries(names.map((name) => [name, properties[name]]));
  return { ...(copy as unknown as Binding), ...replaced };
}

/**
 * Functions of tfjs that draw from a generator of JavaScript, whose numbers the graph would repeat
 * for ever.
 */
const randomFunctions = new Set([
  'rand',
  'randomNormal',
  'randomStandardNormal',
  'randomUniform',
  'randomUniformInt',
  'randomGamma',
  'truncatedNormal',
  'multinomial',
  'dropout',
]);

/** @param name of a function of tfjs @throws CompileError if it draws random numbers */
function requireNotRandom(name: string): void {
  if (randomFunctions.has(name))
    throw new CompileError(
      `${name}: expected no random op of JavaScript in a step, whose numbers would be the same ` +
        'in every step; draw outside and pass them as an input',
    );
}
