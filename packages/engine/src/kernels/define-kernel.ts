import { tf, type Tensor } from '../tensorflow.ts';

/** A kernel over ops of the C library, with its gradient. */
interface KernelDefinition<
  Inputs extends Readonly<Record<string, Tensor>>,
  Saved extends keyof Inputs & string,
  Attributes extends object,
> {
  /** Its name in tfjs's registry. */
  readonly name: string;
  readonly forward: (inputs: Inputs, attributes: Attributes) => Tensor[];
  /** Inputs that the gradient takes. */
  readonly savedInputs?: readonly Saved[];
  /** Outputs that the gradient takes, one entry an output. */
  readonly savedOutputs?: readonly boolean[];
  /** Gradients by input; a function is called where its gradient is asked for. */
  readonly backward: (given: {
    /** The gradient of the first output, the only one that may have any. */
    readonly dy: Tensor;
    readonly inputs: Pick<Inputs, Saved>;
    /** The saved outputs. */
    readonly outputs: readonly Tensor[];
    readonly attributes: Attributes;
  }) => Record<keyof Inputs & string, () => Tensor>;
}

/**
 * Registers a kernel with tfjs.
 * @returns what runs it, through the gradient tape, and gives all its outputs
 */
export function defineKernel<
  Inputs extends Readonly<Record<string, Tensor>>,
  Saved extends keyof Inputs & string = never,
  Attributes extends object = object,
>({
  name,
  forward,
  savedInputs = [],
  savedOutputs = [],
  backward,
}: KernelDefinition<Inputs, Saved, Attributes>): (
  inputs: Inputs,
  attributes: Attributes,
) => Tensor[] {
  tf.registerKernel({
    kernelName: name,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs }) => forward(inputs as unknown as Inputs, attrs as never),
  });
  tf.registerGradient({
    kernelName: name,
    inputsToSave: [...savedInputs],
    outputsToSave: [...savedOutputs],
    gradFunc: (dys, saved, attrs) => {
      const inputs = Object.fromEntries(savedInputs.map((input, i) => [input, saved[i]]));
      return backward({
        dy: (Array.isArray(dys) ? dys[0] : dys) as Tensor,
        inputs: inputs as Pick<Inputs, Saved>,
        outputs: saved.slice(savedInputs.length),
        attributes: attrs as never,
      });
    },
  });
  return (inputs, attributes) =>
    // tfjs gives one output by itself
    [tf.engine().runKernel<Tensor | Tensor[]>(name, { ...inputs }, attributes as never)].flat();
}
