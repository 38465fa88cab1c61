import { tensorflowVersion } from '../../native.ts';
import { bytes, message, varint, type Fields } from '../graph/protobuf.ts';

// tensorflow/core/protobuf/meta_graph.proto and saved_model.proto

/**
 * An entry of SignatureDef.inputs (1) or .outputs (2): name and TensorInfo { name = 1, dtype = 2,
 * tensor_shape = 3 { dim = 2 { size = 1 } } }.
 * @param shape null where a side is open
 */
export function signatureEntry(
  side: 'input' | 'output',
  name: string,
  dtype: number,
  shape: readonly (number | null)[],
): Fields {
  const dimensions = shape.map((length) => message(2, varint(1, length ?? -1)));
  const info = message(2, bytes(1, `${name}:0`), varint(2, dtype), message(3, ...dimensions));
  return message(side === 'input' ? 1 : 2, bytes(1, name), info);
}

/**
 * SavedModel { saved_model_schema_version = 1, meta_graphs = 2 { meta_info_def = 1 { tags = 4,
 * tensorflow_version = 5 }, graph_def = 2, signature_def = 5 } }.
 */
export function savedModelProto(graphDef: Uint8Array, signature: readonly Fields[]): Fields {
  const meta = message(1, bytes(4, 'serve'), bytes(5, tensorflowVersion()));
  const method = bytes(3, 'tensorflow/serving/predict');
  const serving = message(5, bytes(1, 'serving_default'), message(2, ...signature, method));
  return [...varint(1, 1), ...message(2, meta, bytes(2, graphDef), serving)];
}
