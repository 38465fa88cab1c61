// TensorFlow graphs and sessions for JavaScript, over the C API. tfjs-node's own binding can only run saved models, one blocking call at a
// time and without 8-bit tensors. Here a graph is built op by op, with the library's shape inference answering at once, and a run goes to
// a thread of libuv's pool, so that JavaScript prepares the next batch meanwhile.
#include <node_api.h>
#include <tensorflow/c/c_api.h>
#include <time.h>

#include <cstring>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct Failure : std::runtime_error { using std::runtime_error::runtime_error; };

struct Status {
  TF_Status *raw = TF_NewStatus();
  ~Status() { TF_DeleteStatus(raw); }
  void check() const { if (TF_GetCode(raw) != TF_OK) throw Failure(TF_Message(raw)); }
};

using Tensor = std::unique_ptr<TF_Tensor, decltype(&TF_DeleteTensor)>;

// A graph and its one session; runs in flight share the ownership.
struct Graph {
  TF_Graph *graph = TF_NewGraph();
  TF_Session *session = nullptr;
  std::vector<TF_Operation *> ops;
  std::string config;
  bool closed = false;
  std::mutex opening;

  TF_Session *open() {
    std::lock_guard<std::mutex> lock(opening);
    if (session == nullptr) {
      Status status;
      std::unique_ptr<TF_SessionOptions, decltype(&TF_DeleteSessionOptions)> options(TF_NewSessionOptions(), TF_DeleteSessionOptions);
      TF_SetConfig(options.get(), config.data(), config.size(), status.raw);
      status.check();
      session = TF_NewSession(graph, options.get(), status.raw);
      status.check();
    }
    return session;
  }
  TF_Operation *op(int64_t index) const {
    if (index < 0 || static_cast<size_t>(index) >= ops.size()) throw Failure("unknown op " + std::to_string(index));
    return ops[static_cast<size_t>(index)];
  }
  ~Graph() {
    if (session != nullptr) {
      Status status;
      TF_DeleteSession(session, status.raw);
    }
    TF_DeleteGraph(graph);
  }
};

// ---- JavaScript values

void check(napi_status status) { if (status != napi_ok) throw Failure("session addon: unexpected argument (N-API status " + std::to_string(status) + ")"); }

napi_value get(napi_env env, napi_value object, const char *name) { napi_value v; check(napi_get_named_property(env, object, name, &v)); return v; }
napi_value at(napi_env env, napi_value array, uint32_t i) { napi_value v; check(napi_get_element(env, array, i, &v)); return v; }
uint32_t length(napi_env env, napi_value array) { uint32_t n; check(napi_get_array_length(env, array, &n)); return n; }
bool isArray(napi_env env, napi_value v) { bool b; check(napi_is_array(env, v, &b)); return b; }
double number(napi_env env, napi_value v) { double d; check(napi_get_value_double(env, v, &d)); return d; }
int64_t whole(napi_env env, napi_value v) { int64_t i; check(napi_get_value_int64(env, v, &i)); return i; }
bool boolean(napi_env env, napi_value v) { bool b; check(napi_get_value_bool(env, v, &b)); return b; }
std::string text(napi_env env, napi_value v) {
  size_t n;
  check(napi_get_value_string_utf8(env, v, nullptr, 0, &n));
  std::string s(n, '\0');
  check(napi_get_value_string_utf8(env, v, &s[0], n + 1, &n));
  return s;
}
std::vector<int64_t> wholes(napi_env env, napi_value array) {
  std::vector<int64_t> all(length(env, array));
  for (uint32_t i = 0; i < all.size(); i++) all[i] = whole(env, at(env, array, i));
  return all;
}
napi_value make(napi_env env, double d) { napi_value v; check(napi_create_double(env, d, &v)); return v; }
napi_value makeArray(napi_env env) { napi_value v; check(napi_create_array(env, &v)); return v; }
napi_value makeObject(napi_env env) { napi_value v; check(napi_create_object(env, &v)); return v; }
void set(napi_env env, napi_value object, const char *name, napi_value v) { check(napi_set_named_property(env, object, name, v)); }
void put(napi_env env, napi_value array, uint32_t i, napi_value v) { check(napi_set_element(env, array, i, v)); }
napi_value makeBytes(napi_env env, const void *data, size_t size) {
  void *copy;
  napi_value buffer;
  check(napi_create_arraybuffer(env, size, &copy, &buffer));
  if (size > 0) memcpy(copy, data, size);
  return buffer;
}
napi_value makeShape(napi_env env, const std::vector<int64_t> &shape) {
  napi_value array = makeArray(env);
  for (uint32_t i = 0; i < shape.size(); i++) put(env, array, i, make(env, static_cast<double>(shape[i])));
  return array;
}
std::pair<const void *, size_t> bytes(napi_env env, napi_value v) {
  napi_typedarray_type type;
  size_t count, offset;
  void *data;
  napi_value buffer;
  check(napi_get_typedarray_info(env, v, &type, &count, &data, &buffer, &offset));
  const size_t width = type == napi_float64_array || type == napi_bigint64_array || type == napi_biguint64_array ? 8
      : type == napi_float32_array || type == napi_int32_array || type == napi_uint32_array ? 4
      : type == napi_int16_array || type == napi_uint16_array ? 2 : 1;
  return {data, count * width};
}

std::shared_ptr<Graph> &graphOf(napi_env env, napi_value external) {
  void *data;
  check(napi_get_value_external(env, external, &data));
  auto &graph = *static_cast<std::shared_ptr<Graph> *>(data);
  if (graph == nullptr) throw Failure("the session is closed");
  return graph;
}

// {dtype, shape, data} -> a tensor of its own memory: the array is free for other use at once.
Tensor tensor(napi_env env, napi_value value) {
  const auto dtype = static_cast<TF_DataType>(whole(env, get(env, value, "dtype")));
  const auto shape = wholes(env, get(env, value, "shape"));
  const auto data = bytes(env, get(env, value, "data"));
  size_t expected = TF_DataTypeSize(dtype);
  for (int64_t side : shape) expected *= static_cast<size_t>(side);
  if (expected != data.second) throw Failure("expected " + std::to_string(expected) + " bytes for a tensor, got " + std::to_string(data.second));
  Tensor result(TF_AllocateTensor(dtype, shape.data(), static_cast<int>(shape.size()), expected), TF_DeleteTensor);
  if (result == nullptr) throw Failure("out of memory for a tensor of " + std::to_string(expected) + " bytes");
  if (expected > 0) memcpy(TF_TensorData(result.get()), data.first, expected);
  return result;
}

TF_Output output(napi_env env, const Graph &graph, napi_value pair) {
  return {graph.op(whole(env, at(env, pair, 0))), static_cast<int>(whole(env, at(env, pair, 1)))};
}

void setAttribute(napi_env env, TF_OperationDescription *d, napi_value attribute) {
  const std::string nameText = text(env, get(env, attribute, "name"));
  const char *name = nameText.c_str();
  napi_value value = get(env, attribute, "value");
  const auto type = static_cast<TF_AttrType>(whole(env, get(env, attribute, "type")));
  const bool list = isArray(env, value);
  switch (type) {
    case TF_ATTR_STRING: { const std::string s = text(env, value); TF_SetAttrString(d, name, s.data(), s.size()); return; }
    case TF_ATTR_INT:
      if (list) { const auto all = wholes(env, value); TF_SetAttrIntList(d, name, all.data(), static_cast<int>(all.size())); }
      else TF_SetAttrInt(d, name, whole(env, value));
      return;
    case TF_ATTR_FLOAT:
      if (list) {
        std::vector<float> all;
        for (uint32_t i = 0; i < length(env, value); i++) all.push_back(static_cast<float>(number(env, at(env, value, i))));
        TF_SetAttrFloatList(d, name, all.data(), static_cast<int>(all.size()));
      } else TF_SetAttrFloat(d, name, static_cast<float>(number(env, value)));
      return;
    case TF_ATTR_BOOL: TF_SetAttrBool(d, name, boolean(env, value)); return;
    case TF_ATTR_TYPE: TF_SetAttrType(d, name, static_cast<TF_DataType>(whole(env, value))); return;
    case TF_ATTR_SHAPE: { const auto shape = wholes(env, value); TF_SetAttrShape(d, name, shape.data(), static_cast<int>(shape.size())); return; }
    default: throw Failure("attribute " + nameText + ": unknown kind");
  }
}

// What shape inference says of an op's outputs; a dimension it does not know is -1, a shape of unknown rank null.
napi_value finish(napi_env env, Graph &graph, TF_OperationDescription *description) {
  Status status;
  TF_Operation *op = TF_FinishOperation(description, status.raw);
  status.check();
  graph.ops.push_back(op);
  napi_value outputs = makeArray(env);
  for (int i = 0; i < TF_OperationNumOutputs(op); i++) {
    const TF_Output out{op, i};
    napi_value info = makeObject(env);
    set(env, info, "dtype", make(env, TF_OperationOutputType(out)));
    const int rank = TF_GraphGetTensorNumDims(graph.graph, out, status.raw);
    status.check();
    napi_value shape;
    if (rank < 0) check(napi_get_null(env, &shape));
    else {
      std::vector<int64_t> sides(static_cast<size_t>(rank));
      TF_GraphGetTensorShape(graph.graph, out, sides.data(), rank, status.raw);
      status.check();
      shape = makeShape(env, sides);
    }
    set(env, info, "shape", shape);
    put(env, outputs, static_cast<uint32_t>(i), info);
  }
  napi_value result = makeObject(env);
  set(env, result, "op", make(env, static_cast<double>(graph.ops.size() - 1)));
  set(env, result, "outputs", outputs);
  return result;
}

// ---- exported functions

using Arguments = std::vector<napi_value>;

// createGraph(config: Uint8Array): a ConfigProto for the session
napi_value createGraph(napi_env env, const Arguments &a) {
  auto graph = std::make_shared<Graph>();
  const auto config = bytes(env, a.at(0));
  graph->config.assign(static_cast<const char *>(config.first), config.second);
  napi_value external;
  auto *holder = new std::shared_ptr<Graph>(std::move(graph));
  check(napi_create_external(env, holder, [](napi_env, void *data, void *) { delete static_cast<std::shared_ptr<Graph> *>(data); }, nullptr, &external));
  return external;
}

// closeGraph(graph): frees the session and its variables, once the run in flight has ended
napi_value closeGraph(napi_env env, const Arguments &a) {
  void *data;
  check(napi_get_value_external(env, a.at(0), &data));
  static_cast<std::shared_ptr<Graph> *>(data)->reset();
  return nullptr;
}

// opDef(graph, type): the serialised OpDef
napi_value opDef(napi_env env, const Arguments &a) {
  std::unique_ptr<TF_Buffer, decltype(&TF_DeleteBuffer)> buffer(TF_NewBuffer(), TF_DeleteBuffer);
  Status status;
  TF_GraphGetOpDef(graphOf(env, a.at(0))->graph, text(env, a.at(1)).c_str(), buffer.get(), status.raw);
  status.check();
  return makeBytes(env, buffer->data, buffer->length);
}

// graphDef(graph): the serialised GraphDef, with what shapes the ops declare and none that were inferred
napi_value graphDef(napi_env env, const Arguments &a) {
  std::unique_ptr<TF_Buffer, decltype(&TF_DeleteBuffer)> buffer(TF_NewBuffer(), TF_DeleteBuffer);
  Status status;
  TF_GraphToGraphDef(graphOf(env, a.at(0))->graph, buffer.get(), status.raw);
  status.check();
  return makeBytes(env, buffer->data, buffer->length);
}

// assumeShape(graph, [op, output], shape): what shape inference takes a value's open sides for from here on; the op itself stays as declared
napi_value assumeShape(napi_env env, const Arguments &a) {
  Graph &graph = *graphOf(env, a.at(0));
  const auto shape = wholes(env, a.at(2));
  Status status;
  TF_GraphSetTensorShape(graph.graph, output(env, graph, a.at(1)), shape.data(), static_cast<int>(shape.size()), status.raw);
  status.check();
  return nullptr;
}

// addOp(graph, type, name, inputs: ([op, output] | [op, output][])[], controls: op[], attributes): {op, outputs: {dtype, shape}[]}
napi_value addOp(napi_env env, const Arguments &a) {
  Graph &graph = *graphOf(env, a.at(0));
  const std::string type = text(env, a.at(1)), name = text(env, a.at(2));
  TF_OperationDescription *d = TF_NewOperation(graph.graph, type.c_str(), name.c_str());
  napi_value inputs = a.at(3), controls = a.at(4), attributes = a.at(5);
  for (uint32_t i = 0; i < length(env, inputs); i++) {
    napi_value input = at(env, inputs, i);
    if (length(env, input) > 0 && !isArray(env, at(env, input, 0))) { TF_AddInput(d, output(env, graph, input)); continue; }
    std::vector<TF_Output> list;
    for (uint32_t j = 0; j < length(env, input); j++) list.push_back(output(env, graph, at(env, input, j)));
    TF_AddInputList(d, list.data(), static_cast<int>(list.size()));
  }
  for (int64_t control : wholes(env, controls)) TF_AddControlInput(d, graph.op(control));
  for (uint32_t i = 0; i < length(env, attributes); i++) setAttribute(env, d, at(env, attributes, i));
  return finish(env, graph, d);
}

// addConst(graph, name, {dtype, shape, data})
napi_value addConst(napi_env env, const Arguments &a) {
  Graph &graph = *graphOf(env, a.at(0));
  TF_OperationDescription *d = TF_NewOperation(graph.graph, "Const", text(env, a.at(1)).c_str());
  const Tensor value = tensor(env, a.at(2));
  Status status;
  TF_SetAttrTensor(d, "value", value.get(), status.raw);
  TF_SetAttrType(d, "dtype", TF_TensorType(value.get()));
  return finish(env, graph, d);
}

struct Run {
  std::shared_ptr<Graph> graph;
  std::vector<TF_Output> feeds, fetches;
  std::vector<TF_Operation *> targets;
  std::vector<Tensor> fed, fetched;
  bool trace = false;
  std::string statistics, error;
  double started = 0, ended = 0;
  napi_deferred deferred = nullptr;
  napi_async_work work = nullptr;
};

// Milliseconds on the clock of process.hrtime().
double now() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) * 1e-6;
}

void execute(napi_env, void *data) {
  Run &run = *static_cast<Run *>(data);
  run.started = now();
  try {
    Status status;
    TF_Session *session = run.graph->open();
    std::vector<TF_Tensor *> values, results(run.fetches.size(), nullptr);
    for (const Tensor &value : run.fed) values.push_back(value.get());
    const char fullTrace[] = {8, 3};  // RunOptions { trace_level: FULL_TRACE }
    std::unique_ptr<TF_Buffer, decltype(&TF_DeleteBuffer)> options(run.trace ? TF_NewBufferFromString(fullTrace, sizeof fullTrace) : nullptr, TF_DeleteBuffer);
    std::unique_ptr<TF_Buffer, decltype(&TF_DeleteBuffer)> metadata(run.trace ? TF_NewBuffer() : nullptr, TF_DeleteBuffer);
    TF_SessionRun(session, options.get(), run.feeds.data(), values.data(), static_cast<int>(values.size()), run.fetches.data(), results.data(),
                  static_cast<int>(results.size()), run.targets.data(), static_cast<int>(run.targets.size()), metadata.get(), status.raw);
    for (TF_Tensor *result : results) run.fetched.emplace_back(result, TF_DeleteTensor);
    status.check();
    if (metadata != nullptr) run.statistics.assign(static_cast<const char *>(metadata->data), metadata->length);
  } catch (const std::exception &e) {
    run.error = e.what();
  }
  run.fed.clear();
  run.ended = now();
}

napi_value resultOf(napi_env env, const Run &run) {
  napi_value values = makeArray(env);
  for (uint32_t i = 0; i < run.fetched.size(); i++) {
    const TF_Tensor *t = run.fetched[i].get();
    std::vector<int64_t> shape;
    for (int d = 0; d < TF_NumDims(t); d++) shape.push_back(TF_Dim(t, d));
    napi_value value = makeObject(env);
    set(env, value, "dtype", make(env, TF_TensorType(t)));
    set(env, value, "shape", makeShape(env, shape));
    set(env, value, "data", makeBytes(env, TF_TensorData(t), TF_TensorByteSize(t)));
    put(env, values, i, value);
  }
  napi_value result = makeObject(env);
  set(env, result, "values", values);
  set(env, result, "started", make(env, run.started));
  set(env, result, "ended", make(env, run.ended));
  if (run.trace) set(env, result, "statistics", makeBytes(env, run.statistics.data(), run.statistics.size()));
  return result;
}

void settle(napi_env env, napi_status, void *data) {
  std::unique_ptr<Run> run(static_cast<Run *>(data));
  napi_delete_async_work(env, run->work);
  try {
    if (run->error.empty()) {
      check(napi_resolve_deferred(env, run->deferred, resultOf(env, *run)));
      return;
    }
  } catch (const std::exception &e) {
    run->error = e.what();
  }
  napi_value message, error;
  napi_create_string_utf8(env, run->error.c_str(), run->error.size(), &message);
  napi_create_error(env, nullptr, message, &error);
  napi_reject_deferred(env, run->deferred, error);
}

// run(graph, feeds: {op, output, dtype, shape, data}[], fetches: [op, output][], targets: op[], trace: boolean): Promise of {values, started, ended, statistics}
napi_value run(napi_env env, const Arguments &a) {
  auto job = std::make_unique<Run>();
  job->graph = graphOf(env, a.at(0));
  napi_value feeds = a.at(1), fetches = a.at(2);
  for (uint32_t i = 0; i < length(env, feeds); i++) {
    napi_value feed = at(env, feeds, i);
    job->feeds.push_back({job->graph->op(whole(env, get(env, feed, "op"))), static_cast<int>(whole(env, get(env, feed, "output")))});
    job->fed.push_back(tensor(env, feed));
  }
  for (uint32_t i = 0; i < length(env, fetches); i++) job->fetches.push_back(output(env, *job->graph, at(env, fetches, i)));
  for (int64_t target : wholes(env, a.at(3))) job->targets.push_back(job->graph->op(target));
  job->trace = boolean(env, a.at(4));
  napi_value promise, name;
  check(napi_create_promise(env, &job->deferred, &promise));
  check(napi_create_string_utf8(env, "noisy-pairs session run", NAPI_AUTO_LENGTH, &name));
  check(napi_create_async_work(env, nullptr, name, execute, settle, job.get(), &job->work));
  check(napi_queue_async_work(env, job->work));
  job.release();
  return promise;
}

template <napi_value (*f)(napi_env, const Arguments &)>
napi_value entry(napi_env env, napi_callback_info info) {
  size_t count = 8;
  Arguments arguments(count);
  napi_get_cb_info(env, info, &count, arguments.data(), nullptr, nullptr);
  arguments.resize(count < 8 ? count : 8);
  try {
    return f(env, arguments);
  } catch (const std::exception &e) {
    napi_throw_error(env, nullptr, e.what());
    return nullptr;
  }
}

template <napi_value (*f)(napi_env, const Arguments &)>
void provide(napi_env env, napi_value exports, const char *name) {
  napi_value function;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, entry<f>, nullptr, &function);
  napi_set_named_property(env, exports, name, function);
}

napi_value init(napi_env env, napi_value exports) {
  provide<createGraph>(env, exports, "createGraph");
  provide<closeGraph>(env, exports, "closeGraph");
  provide<opDef>(env, exports, "opDef");
  provide<graphDef>(env, exports, "graphDef");
  provide<assumeShape>(env, exports, "assumeShape");
  provide<addOp>(env, exports, "addOp");
  provide<addConst>(env, exports, "addConst");
  provide<run>(env, exports, "run");
  return exports;
}

}  // namespace

NAPI_MODULE(NODE_GYP_MODULE_NAME, init)
