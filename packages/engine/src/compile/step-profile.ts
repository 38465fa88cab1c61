import { readMessages, readNumber, readText } from './graph/protobuf.ts';

/** An op of a profiled step. */
export interface OpTime {
  /** Its type as TensorFlow left it, `Conv2D`; `unknown` where TensorFlow says none. */
  readonly op: string;
  /** The shape of its first output; empty for a scalar or none. */
  readonly shape: readonly number[];
  readonly ms: number;
}

/**
 * The times of ops in a serialised tensorflow.RunMetadata
 * (tensorflow/core/framework/step_stats.proto): step_stats = 1 { dev_stats = 1 { node_stats = 2 {
 * output = 7, timeline_label = 8, all_end_rel_nanos = 16 } } }.
 */
export function stepProfile(statistics: Uint8Array): OpTime[] {
  return readMessages(statistics, 1)
    .flatMap((stats) => readMessages(stats, 1))
    .flatMap((device) => readMessages(device, 2))
    .map((node) => ({
      op: opType(readText(node, 8)),
      shape: readMessages(node, 7).slice(0, 1).flatMap(outputShape),
      ms: readNumber(node, 16) / 1e6,
    }));
}

/** @param label "NAME = TYPE(INPUTS)" */
function opType(label: string): string {
  return /= (\S+?)\(/.exec(label)?.[1] ?? 'unknown';
}

/** @param output { tensor_description = 3 { shape = 2 { dim = 2 { size = 1 } } } } */
function outputShape(output: Uint8Array): number[] {
  return readMessages(output, 3)
    .flatMap((tensor) => readMessages(tensor, 2))
    .flatMap((shape) => readMessages(shape, 2))
    .map((side) => readNumber(side, 1));
}
