// Runs of a graph on a thread of libuv's pool, so that JavaScript prepares the next batch
// meanwhile.
#include <time.h>

#include "functions.h"
#include "graph.h"

namespace {

struct Run {
  std::shared_ptr<Graph> graph;
  std::vector<TF_Output> feeds, fetches;
  std::vector<TF_Operation *> targets;
  std::vector<Tensor> fed, fetched;
  bool trace = false;
  std::string statistics;  // a serialised RunMetadata, if traced
  std::string error;       // empty if there was none
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

void runSession(Run &run) {
  Status status;
  TF_Session *session = run.graph->open();
  std::vector<TF_Tensor *> values, results(run.fetches.size(), nullptr);
  for (const Tensor &value : run.fed) values.push_back(value.get());
  Buffer options(nullptr, TF_DeleteBuffer), metadata(nullptr, TF_DeleteBuffer);
  if (run.trace) {
    const char fullTrace[] = {8, 3};  // RunOptions { trace_level: FULL_TRACE }
    options.reset(TF_NewBufferFromString(fullTrace, sizeof fullTrace));
    metadata.reset(TF_NewBuffer());
  }
  const auto count = [](const auto &all) { return static_cast<int>(all.size()); };
  TF_SessionRun(session, options.get(), run.feeds.data(), values.data(), count(values),
                run.fetches.data(), results.data(), count(results), run.targets.data(),
                count(run.targets), metadata.get(), status.raw);
  for (TF_Tensor *result : results) run.fetched.emplace_back(result, TF_DeleteTensor);
  status.check();
  if (metadata != nullptr)
    run.statistics.assign(static_cast<const char *>(metadata->data), metadata->length);
}

// On the other thread.
void execute(napi_env, void *data) {
  Run &run = *static_cast<Run *>(data);
  run.started = now();
  try {
    runSession(run);
  } catch (const std::exception &e) {
    run.error = e.what();
  }
  run.fed.clear();
  run.ended = now();
}

// {dtype, shape, data}
napi_value makeTensor(napi_env env, const TF_Tensor *tensor) {
  std::vector<int64_t> shape;
  for (int d = 0; d < TF_NumDims(tensor); d++) shape.push_back(TF_Dim(tensor, d));
  napi_value value = makeObject(env);
  set(env, value, "dtype", make(env, TF_TensorType(tensor)));
  set(env, value, "shape", makeShape(env, shape));
  set(env, value, "data", makeBytes(env, TF_TensorData(tensor), TF_TensorByteSize(tensor)));
  return value;
}

napi_value resultOf(napi_env env, const Run &run) {
  napi_value values = makeArray(env);
  for (uint32_t i = 0; i < run.fetched.size(); i++)
    put(env, values, i, makeTensor(env, run.fetched[i].get()));
  napi_value result = makeObject(env);
  set(env, result, "values", values);
  set(env, result, "started", make(env, run.started));
  set(env, result, "ended", make(env, run.ended));
  if (run.trace) {
    const std::string &statistics = run.statistics;
    set(env, result, "statistics", makeBytes(env, statistics.data(), statistics.size()));
  }
  return result;
}

// Back on JavaScript's thread.
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

}  // namespace

napi_value run(napi_env env, const Arguments &a) {
  auto job = std::make_unique<Run>();
  job->graph = graphOf(env, a.at(0));
  const Graph &graph = *job->graph;
  napi_value feeds = a.at(1), fetches = a.at(2), targets = a.at(3);
  for (uint32_t i = 0; i < length(env, feeds); i++) {
    napi_value feed = at(env, feeds, i);
    const auto index = static_cast<int>(whole(env, get(env, feed, "output")));
    job->feeds.push_back({graph.op(whole(env, get(env, feed, "op"))), index});
    job->fed.push_back(tensor(env, feed));
  }
  for (uint32_t i = 0; i < length(env, fetches); i++)
    job->fetches.push_back(output(env, graph, at(env, fetches, i)));
  for (int64_t target : wholes(env, targets)) job->targets.push_back(graph.op(target));
  job->trace = boolean(env, a.at(4));

  napi_value promise, name;
  check(napi_create_promise(env, &job->deferred, &promise));
  check(napi_create_string_utf8(env, "noisy-pairs session run", NAPI_AUTO_LENGTH, &name));
  check(napi_create_async_work(env, nullptr, name, execute, settle, job.get(), &job->work));
  check(napi_queue_async_work(env, job->work));
  job.release();
  return promise;
}
