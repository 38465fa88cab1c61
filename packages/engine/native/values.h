// Values of JavaScript, by N-API.
#pragma once
#include <node_api.h>

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// Becomes an error in JavaScript.
struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline void check(napi_status status) {
  if (status == napi_ok) return;
  const std::string number = std::to_string(status);
  throw Failure("session addon: unexpected argument (N-API status " + number + ")");
}

// ---- reading: throws where the value is of another type

inline napi_value get(napi_env env, napi_value object, const char *name) {
  napi_value value;
  check(napi_get_named_property(env, object, name, &value));
  return value;
}

inline napi_value at(napi_env env, napi_value array, uint32_t i) {
  napi_value value;
  check(napi_get_element(env, array, i, &value));
  return value;
}

inline uint32_t length(napi_env env, napi_value array) {
  uint32_t count;
  check(napi_get_array_length(env, array, &count));
  return count;
}

inline bool isArray(napi_env env, napi_value value) {
  bool answer;
  check(napi_is_array(env, value, &answer));
  return answer;
}

inline double number(napi_env env, napi_value value) {
  double result;
  check(napi_get_value_double(env, value, &result));
  return result;
}

inline int64_t whole(napi_env env, napi_value value) {
  int64_t result;
  check(napi_get_value_int64(env, value, &result));
  return result;
}

inline std::vector<int64_t> wholes(napi_env env, napi_value array) {
  std::vector<int64_t> all(length(env, array));
  for (uint32_t i = 0; i < all.size(); i++) all[i] = whole(env, at(env, array, i));
  return all;
}

inline bool boolean(napi_env env, napi_value value) {
  bool result;
  check(napi_get_value_bool(env, value, &result));
  return result;
}

inline std::string text(napi_env env, napi_value value) {
  size_t size;
  check(napi_get_value_string_utf8(env, value, nullptr, 0, &size));
  std::string result(size, '\0');
  check(napi_get_value_string_utf8(env, value, &result[0], size + 1, &size));
  return result;
}

inline size_t elementSize(napi_typedarray_type type) {
  switch (type) {
    case napi_float64_array:
    case napi_bigint64_array:
    case napi_biguint64_array:
      return 8;
    case napi_float32_array:
    case napi_int32_array:
    case napi_uint32_array:
      return 4;
    case napi_int16_array:
    case napi_uint16_array:
      return 2;
    default:
      return 1;
  }
}

// Where a typed array's values lie, and how many bytes they are.
inline std::pair<const void *, size_t> bytes(napi_env env, napi_value typedArray) {
  napi_typedarray_type type;
  size_t count, offset;
  void *data;
  napi_value buffer;
  check(napi_get_typedarray_info(env, typedArray, &type, &count, &data, &buffer, &offset));
  return {data, count * elementSize(type)};
}

// ---- making

inline napi_value make(napi_env env, double number) {
  napi_value value;
  check(napi_create_double(env, number, &value));
  return value;
}

inline napi_value makeArray(napi_env env) {
  napi_value value;
  check(napi_create_array(env, &value));
  return value;
}

inline napi_value makeObject(napi_env env) {
  napi_value value;
  check(napi_create_object(env, &value));
  return value;
}

inline void set(napi_env env, napi_value object, const char *name, napi_value value) {
  check(napi_set_named_property(env, object, name, value));
}

inline void put(napi_env env, napi_value array, uint32_t i, napi_value value) {
  check(napi_set_element(env, array, i, value));
}

// An ArrayBuffer with a copy of the bytes.
inline napi_value makeBytes(napi_env env, const void *data, size_t size) {
  void *copy;
  napi_value buffer;
  check(napi_create_arraybuffer(env, size, &copy, &buffer));
  if (size > 0) memcpy(copy, data, size);
  return buffer;
}

inline napi_value makeShape(napi_env env, const std::vector<int64_t> &shape) {
  napi_value array = makeArray(env);
  for (uint32_t i = 0; i < shape.size(); i++)
    put(env, array, i, make(env, static_cast<double>(shape[i])));
  return array;
}
