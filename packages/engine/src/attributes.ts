/** TensorFlow's numbers of the types of values (TF_DataType). */
export const types = {
  float32: 1,
  uint8: 4,
  int32: 3,
  bool: 10,
  bfloat16: 14,
} as const;

/** TensorFlow's numbers of the types of attributes (TF_AttrType). */
const attributeTypes = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5 } as const;

/** An attribute of an op of TensorFlow, as tfjs-node's binding and our own take it. */
export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** Attributes by their types: `attribute.bool('transpose_a', true)`. */
export const attribute = {
  /** @param value one of `types` */
  type: (name: string, value: number) => attributeOf('type', name, value),
  int: (name: string, value: number) => attributeOf('int', name, value),
  ints: (name: string, value: readonly number[]) => attributeOf('int', name, value),
  float: (name: string, value: number) => attributeOf('float', name, value),
  bool: (name: string, value: boolean) => attributeOf('bool', name, value),
  string: (name: string, value: string) => attributeOf('string', name, value),
  shape: (name: string, value: readonly number[]) => attributeOf('shape', name, value),
};

function attributeOf(type: keyof typeof attributeTypes, name: string, value: unknown): Attribute {
  return { name, type: attributeTypes[type], value };
}
