// The functions that the addon exports. Each throws Failure with TensorFlow's message, or ours.
// An output stands for a value of a graph: [op, output], both numbers.
#pragma once
#include <node_api.h>

#include <vector>

using Arguments = std::vector<napi_value>;

// createGraph(config: Uint8Array): a graph whose session has this ConfigProto
napi_value createGraph(napi_env env, const Arguments &a);

// closeGraph(graph): frees the session and its variables, once the run in flight has ended
napi_value closeGraph(napi_env env, const Arguments &a);

// opDef(graph, type): the serialised OpDef
napi_value opDef(napi_env env, const Arguments &a);

// graphDef(graph): the serialised GraphDef, with the shapes that ops declare and none inferred
napi_value graphDef(napi_env env, const Arguments &a);

// assumeShape(graph, output, shape): has shape inference take the output's open sides for these
// from here on; the op itself stays as declared
napi_value assumeShape(napi_env env, const Arguments &a);

// addOp(graph, type, name, inputs: (output | output[])[], controls: op[], attributes):
// {op, outputs: {dtype, shape}[]}
napi_value addOp(napi_env env, const Arguments &a);

// addConst(graph, name, {dtype, shape, data}): as addOp
napi_value addConst(napi_env env, const Arguments &a);

// run(graph, feeds: {op, output, dtype, shape, data}[], fetches: output[], targets: op[],
// trace: boolean): Promise of {values, started, ended, statistics}
napi_value run(napi_env env, const Arguments &a);
