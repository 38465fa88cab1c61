// TensorFlow graphs and sessions for JavaScript, over the C API. tfjs-node's own binding can only
// run saved models, one blocking call at a time and without 8-bit tensors.
#include <stdexcept>

#include "functions.h"

namespace {

const size_t mostArguments = 8;

// Calls one of our functions from JavaScript; what it throws becomes an error there.
template <napi_value (*f)(napi_env, const Arguments &)>
napi_value entry(napi_env env, napi_callback_info info) {
  size_t count = mostArguments;
  Arguments arguments(count);
  napi_get_cb_info(env, info, &count, arguments.data(), nullptr, nullptr);
  arguments.resize(count < mostArguments ? count : mostArguments);
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
