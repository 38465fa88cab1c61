import { requireBf16 } from '../recording/precision.ts';
import type { NamedTensors } from '../../tree/tree.ts';
import {
  flattenTree,
  mapLeaves,
  unflattenTree,
  type TensorTree,
  type Tree,
} from '../../tree/tree.ts';
import { compiledProgram } from './compiled-program.ts';
import { eagerProgram } from './eager-program.ts';
import { unknownEntry, type FlatProgram } from './flat-program.ts';
import type { InputSpec, InputValue, SpecTree, TensorsOf, ValuesOf } from './inputs.ts';
import type { EntryPoint, Program, ProgramOptions, StepFunction } from './program.ts';

/**
 * A program over a state that starts as these tensors, which are borrowed and copied. Its entries
 * are named by their paths.
 * @throws if bf16 is asked for in eager mode, or where the processor does not have it
 */
export async function openProgram<State extends TensorTree>(
  state: State,
  options: ProgramOptions = {},
): Promise<Program<State>> {
  const { eager = false, precision = 'float32' } = options;
  if (eager && precision !== 'float32')
    throw new Error(`precision: expected float32 in eager mode, got ${precision}`);
  if (precision === 'bf16') requireBf16();
  const start = flattenTree(state);
  const program = eager ? eagerProgram() : compiledProgram(start, precision, options);
  await program.start(start);
  const paths = mapLeaves(state, (_, name) => name); // the state's shape without its tensors
  return {
    eager,
    compile: (step, specs) => compileTree(program, paths, step, specs),
    async read(...branches: readonly string[]) {
      const wanted = branches.length === 0 ? paths : pick(paths, branches);
      return unflattenTree(
        await program.read(Object.keys(flattenTree<unknown>(wanted))),
        wanted,
      ) as never;
    },
    write: (entries) => program.write(flattenTree(entries as TensorTree)),
    close() {
      program.close();
    },
  };
}

/** The function between the trees that it knows and the names that the program knows. */
function compileTree<State, Specs extends SpecTree, Outputs extends NamedTensors>(
  program: FlatProgram,
  paths: Tree<unknown>,
  step: StepFunction<State, TensorsOf<Specs>, Outputs>,
  specs: Specs,
): EntryPoint<Specs, Outputs> {
  const entry = program.compile((state, inputs) => {
    const result = step(
      unflattenTree(state, paths) as State,
      unflattenTree<SpecTree>(inputs, specs) as TensorsOf<Specs>,
    );
    return { state: flattenTree((result.state ?? {}) as TensorTree), outputs: result.outputs };
  }, flattenTree<InputSpec>(specs)) as EntryPoint<Readonly<Record<string, InputSpec>>, Outputs>;
  const flat = (values: ValuesOf<Specs>) => flattenTree<InputValue>(values);
  return {
    compileMs: entry.compileMs,
    ops: entry.ops,
    run: (values) => entry.run(flat(values)),
    profile: (values) => entry.profile(flat(values)),
  };
}

function pick(tree: Tree<unknown>, names: readonly string[]): Tree<unknown> {
  return Object.fromEntries(
    names.map((name) => {
      if (!(name in tree)) throw unknownEntry(name);
      return [name, tree[name]];
    }),
  );
}
