#include "binding/errors.h"

#include <cstring>

namespace hugepages::binding {

Napi::Error system_error(Napi::Env env, const failure& error) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): glibc's own buffer is only for numbers that are no errno
  auto made = Napi::Error::New(env, std::string(error.call) + ": " + strerror(error.error));
  made.Set("errno", Napi::Number::New(env, -error.error));
  made.Set("syscall", Napi::String::New(env, error.call));
  return made;
}

Napi::Error coded_error(Napi::Env env, const char* code, const std::string& message) {
  auto made = Napi::Error::New(env, message);
  made.Set("code", Napi::String::New(env, code));
  return made;
}

Napi::Error invalid_type(Napi::Env env, const std::string& name, const char* expected) {
  auto made = Napi::TypeError::New(env, "The \"" + name + "\" argument must be " + expected);
  made.Set("code", Napi::String::New(env, "ERR_INVALID_ARG_TYPE"));
  return made;
}

Napi::Error out_of_range(Napi::Env env, const std::string& name, const std::string& expected) {
  auto made = Napi::RangeError::New(env, "The value of \"" + name + "\" is out of range. It must be " + expected);
  made.Set("code", Napi::String::New(env, "ERR_OUT_OF_RANGE"));
  return made;
}

}  // namespace hugepages::binding
