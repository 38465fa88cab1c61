/** An op of a profiled step. */
export interface OpTime {
  /** The kind of op that ran, as TensorFlow's optimisers left it. */
  readonly kind: string;
  /** Of its first output; empty for a scalar or none. */
  readonly shape: readonly number[];
  readonly ms: number;
}

type Field = readonly [field: number, value: number | Uint8Array];

/**
 * Times of ops out of a serialised tensorflow.RunMetadata
 * (tensorflow/core/framework/step_stats.proto): step_stats = 1 { dev_stats = 1 { node_stats = 2 {
 * output = 7, timeline_label = 8, all_end_rel_nanos = 16 } } }.
 */
export function stepProfile(statistics: Uint8Array): OpTime[] {
  const nodes = messages(statistics, 1)
    .flatMap((stats) => messages(stats, 1))
    .flatMap((device) => messages(device, 2));
  return nodes.map((node) => {
    const all = [...fields(node)];
    const label = all.find(([field]) => field === 8)?.[1];
    const nanoseconds = all.find(([field]) => field === 16)?.[1];
    // "NAME = KIND(INPUTS)"
    const kind =
      /= (\S+?)\(/.exec(label instanceof Uint8Array ? new TextDecoder().decode(label) : '')?.[1] ??
      'unknown';
    // output { tensor_description = 3 { shape = 2 { dim = 2 { size = 1 } } } }
    const shape = messages(node, 7)
      .slice(0, 1)
      .flatMap((output) => messages(output, 3))
      .flatMap((tensor) => messages(tensor, 2))
      .flatMap((proto) => messages(proto, 2))
      .map((dimension) => [...fields(dimension)].find(([field]) => field === 1)?.[1] ?? 0);
    return {
      kind,
      shape: shape.filter((side) => typeof side === 'number'),
      ms: typeof nanoseconds === 'number' ? nanoseconds / 1e6 : 0,
    };
  });
}

/** The embedded messages of one field. */
function messages(bytes: Uint8Array, wanted: number): Uint8Array[] {
  return [...fields(bytes)]
    .filter(
      (entry): entry is readonly [number, Uint8Array] =>
        entry[0] === wanted && entry[1] instanceof Uint8Array,
    )
    .map(([, value]) => value);
}

/**
 * A protocol buffer's fields: numbers (varints), and bytes of strings and messages; fixed-width
 * fields are left out.
 */
function* fields(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const field = Math.floor(key / 8),
      wire = key % 8;
    if (wire === 0) yield [field, varint()];
    else if (wire === 2) {
      const length = varint();
      yield [field, bytes.subarray(at, at + length)];
      at += length;
    } else at += wire === 1 ? 8 : 4;
  }
}
