// A TensorFlow graph with its session, and its values as JavaScript tells them.
#pragma once
#include <tensorflow/c/c_api.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "values.h"

struct Status {
  TF_Status *raw = TF_NewStatus();
  ~Status() { TF_DeleteStatus(raw); }
  void check() const {
    if (TF_GetCode(raw) != TF_OK) throw Failure(TF_Message(raw));
  }
};

using Tensor = std::unique_ptr<TF_Tensor, decltype(&TF_DeleteTensor)>;
using Buffer = std::unique_ptr<TF_Buffer, decltype(&TF_DeleteBuffer)>;
using SessionOptions = std::unique_ptr<TF_SessionOptions, decltype(&TF_DeleteSessionOptions)>;

// A graph and its one session; runs in flight share the ownership.
struct Graph {
  TF_Graph *graph = TF_NewGraph();
  TF_Session *session = nullptr;
  std::vector<TF_Operation *> ops;
  std::string config;  // a serialised ConfigProto
  std::mutex opening;

  TF_Session *open() {
    std::lock_guard<std::mutex> lock(opening);
    if (session == nullptr) {
      Status status;
      SessionOptions options(TF_NewSessionOptions(), TF_DeleteSessionOptions);
      TF_SetConfig(options.get(), config.data(), config.size(), status.raw);
      status.check();
      session = TF_NewSession(graph, options.get(), status.raw);
      status.check();
    }
    return session;
  }

  TF_Operation *op(int64_t index) const {
    if (index < 0 || static_cast<size_t>(index) >= ops.size())
      throw Failure("unknown op " + std::to_string(index));
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

// What JavaScript holds of a graph.
inline std::shared_ptr<Graph> &holderOf(napi_env env, napi_value external) {
  void *data;
  check(napi_get_value_external(env, external, &data));
  return *static_cast<std::shared_ptr<Graph> *>(data);
}

inline std::shared_ptr<Graph> &graphOf(napi_env env, napi_value external) {
  auto &graph = holderOf(env, external);
  if (graph == nullptr) throw Failure("the session is closed");
  return graph;
}

// {dtype, shape, data} -> a tensor of its own memory: the array is free for other use at once.
inline Tensor tensor(napi_env env, napi_value value) {
  const auto dtype = static_cast<TF_DataType>(whole(env, get(env, value, "dtype")));
  const auto shape = wholes(env, get(env, value, "shape"));
  const auto data = bytes(env, get(env, value, "data"));
  size_t size = TF_DataTypeSize(dtype);
  for (int64_t side : shape) size *= static_cast<size_t>(side);
  const std::string expected = std::to_string(size) + " bytes";
  if (size != data.second)
    throw Failure("expected " + expected + " for a tensor, got " + std::to_string(data.second));
  const int rank = static_cast<int>(shape.size());
  Tensor result(TF_AllocateTensor(dtype, shape.data(), rank, size), TF_DeleteTensor);
  if (result == nullptr) throw Failure("out of memory for a tensor of " + expected);
  if (size > 0) memcpy(TF_TensorData(result.get()), data.first, size);
  return result;
}

// [op, output]
inline TF_Output output(napi_env env, const Graph &graph, napi_value pair) {
  const auto index = static_cast<int>(whole(env, at(env, pair, 1)));
  return {graph.op(whole(env, at(env, pair, 0))), index};
}
