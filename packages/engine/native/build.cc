// Graphs, built op by op, with the library's shape inference answering at once.
#include "functions.h"
#include "graph.h"

namespace {

std::vector<float> floats(napi_env env, napi_value array) {
  std::vector<float> all(length(env, array));
  for (uint32_t i = 0; i < all.size(); i++)
    all[i] = static_cast<float>(number(env, at(env, array, i)));
  return all;
}

void setInt(napi_env env, TF_OperationDescription *op, const char *name, napi_value value) {
  if (!isArray(env, value)) return TF_SetAttrInt(op, name, whole(env, value));
  const auto all = wholes(env, value);
  TF_SetAttrIntList(op, name, all.data(), static_cast<int>(all.size()));
}

void setFloat(napi_env env, TF_OperationDescription *op, const char *name, napi_value value) {
  if (!isArray(env, value))
    return TF_SetAttrFloat(op, name, static_cast<float>(number(env, value)));
  const auto all = floats(env, value);
  TF_SetAttrFloatList(op, name, all.data(), static_cast<int>(all.size()));
}

void setString(napi_env env, TF_OperationDescription *op, const char *name, napi_value value) {
  const std::string string = text(env, value);
  TF_SetAttrString(op, name, string.data(), string.size());
}

void setShape(napi_env env, TF_OperationDescription *op, const char *name, napi_value value) {
  const auto shape = wholes(env, value);
  TF_SetAttrShape(op, name, shape.data(), static_cast<int>(shape.size()));
}

// {name, type, value}
void setAttribute(napi_env env, TF_OperationDescription *op, napi_value attribute) {
  const std::string nameText = text(env, get(env, attribute, "name"));
  const char *name = nameText.c_str();
  napi_value value = get(env, attribute, "value");
  switch (static_cast<TF_AttrType>(whole(env, get(env, attribute, "type")))) {
    case TF_ATTR_STRING:
      return setString(env, op, name, value);
    case TF_ATTR_INT:
      return setInt(env, op, name, value);
    case TF_ATTR_FLOAT:
      return setFloat(env, op, name, value);
    case TF_ATTR_BOOL:
      return TF_SetAttrBool(op, name, boolean(env, value));
    case TF_ATTR_TYPE:
      return TF_SetAttrType(op, name, static_cast<TF_DataType>(whole(env, value)));
    case TF_ATTR_SHAPE:
      return setShape(env, op, name, value);
    default:
      throw Failure("attribute " + nameText + ": unknown type");
  }
}

// An output's shape by shape inference: an unknown side is -1, a shape of unknown rank null.
napi_value shapeOf(napi_env env, Graph &graph, TF_Output output) {
  Status status;
  const int rank = TF_GraphGetTensorNumDims(graph.graph, output, status.raw);
  status.check();
  if (rank < 0) {
    napi_value none;
    check(napi_get_null(env, &none));
    return none;
  }
  std::vector<int64_t> sides(static_cast<size_t>(rank));
  TF_GraphGetTensorShape(graph.graph, output, sides.data(), rank, status.raw);
  status.check();
  return makeShape(env, sides);
}

// Adds the op that was described: {op, outputs: {dtype, shape}[]}.
napi_value finish(napi_env env, Graph &graph, TF_OperationDescription *description) {
  Status status;
  TF_Operation *op = TF_FinishOperation(description, status.raw);
  status.check();
  graph.ops.push_back(op);
  napi_value outputs = makeArray(env);
  for (int i = 0; i < TF_OperationNumOutputs(op); i++) {
    const TF_Output output{op, i};
    napi_value info = makeObject(env);
    set(env, info, "dtype", make(env, TF_OperationOutputType(output)));
    set(env, info, "shape", shapeOf(env, graph, output));
    put(env, outputs, static_cast<uint32_t>(i), info);
  }
  napi_value result = makeObject(env);
  set(env, result, "op", make(env, static_cast<double>(graph.ops.size() - 1)));
  set(env, result, "outputs", outputs);
  return result;
}

// output | output[]
void addInput(napi_env env, const Graph &graph, TF_OperationDescription *op, napi_value input) {
  const uint32_t count = length(env, input);
  const bool isList = count == 0 || isArray(env, at(env, input, 0));
  if (!isList) return TF_AddInput(op, output(env, graph, input));
  std::vector<TF_Output> list;
  for (uint32_t i = 0; i < count; i++) list.push_back(output(env, graph, at(env, input, i)));
  TF_AddInputList(op, list.data(), static_cast<int>(list.size()));
}

}  // namespace

napi_value createGraph(napi_env env, const Arguments &a) {
  auto graph = std::make_shared<Graph>();
  const auto config = bytes(env, a.at(0));
  graph->config.assign(static_cast<const char *>(config.first), config.second);
  napi_value external;
  auto *holder = new std::shared_ptr<Graph>(std::move(graph));
  const auto release = [](napi_env, void *data, void *) {
    delete static_cast<std::shared_ptr<Graph> *>(data);
  };
  check(napi_create_external(env, holder, release, nullptr, &external));
  return external;
}

napi_value closeGraph(napi_env env, const Arguments &a) {
  holderOf(env, a.at(0)).reset();
  return nullptr;
}

napi_value opDef(napi_env env, const Arguments &a) {
  TF_Graph *graph = graphOf(env, a.at(0))->graph;
  const std::string type = text(env, a.at(1));
  Buffer buffer(TF_NewBuffer(), TF_DeleteBuffer);
  Status status;
  TF_GraphGetOpDef(graph, type.c_str(), buffer.get(), status.raw);
  status.check();
  return makeBytes(env, buffer->data, buffer->length);
}

napi_value graphDef(napi_env env, const Arguments &a) {
  Buffer buffer(TF_NewBuffer(), TF_DeleteBuffer);
  Status status;
  TF_GraphToGraphDef(graphOf(env, a.at(0))->graph, buffer.get(), status.raw);
  status.check();
  return makeBytes(env, buffer->data, buffer->length);
}

napi_value assumeShape(napi_env env, const Arguments &a) {
  Graph &graph = *graphOf(env, a.at(0));
  const auto value = output(env, graph, a.at(1));
  const auto shape = wholes(env, a.at(2));
  const int rank = static_cast<int>(shape.size());
  Status status;
  TF_GraphSetTensorShape(graph.graph, value, shape.data(), rank, status.raw);
  status.check();
  return nullptr;
}

napi_value addOp(napi_env env, const Arguments &a) {
  Graph &graph = *graphOf(env, a.at(0));
  const std::string type = text(env, a.at(1)), name = text(env, a.at(2));
  napi_value inputs = a.at(3), controls = a.at(4), attributes = a.at(5);
  TF_OperationDescription *op = TF_NewOperation(graph.graph, type.c_str(), name.c_str());
  for (uint32_t i = 0; i < length(env, inputs); i++) addInput(env, graph, op, at(env, inputs, i));
  for (int64_t control : wholes(env, controls)) TF_AddControlInput(op, graph.op(control));
  for (uint32_t i = 0; i < length(env, attributes); i++)
    setAttribute(env, op, at(env, attributes, i));
  return finish(env, graph, op);
}

napi_value addConst(napi_env env, const Arguments &a) {
  Graph &graph = *graphOf(env, a.at(0));
  const std::string name = text(env, a.at(1));
  TF_OperationDescription *op = TF_NewOperation(graph.graph, "Const", name.c_str());
  const Tensor value = tensor(env, a.at(2));
  Status status;
  TF_SetAttrTensor(op, "value", value.get(), status.raw);
  TF_SetAttrType(op, "dtype", TF_TensorType(value.get()));
  return finish(env, graph, op);
}
