// Failures of the core and wrong arguments as JavaScript errors.
#pragma once

#include <napi.h>

#include <string>

#include "core/result.h"

namespace hugepages::binding {

// An Error with `errno` (negative, as in Node) and `syscall`.
Napi::Error system_error(Napi::Env env, const failure& error);

// An Error with nothing but a code of lib/errors.ts.
Napi::Error coded_error(Napi::Env env, const char* code, const std::string& message);

Napi::Error invalid_type(Napi::Env env, const std::string& name, const char* expected);
Napi::Error out_of_range(Napi::Env env, const std::string& name, const std::string& expected);

template <class T>
T&& value_or_throw(Napi::Env env, result<T>&& outcome) {
  if (!outcome.ok()) throw system_error(env, outcome.error());
  return std::move(outcome.value());
}

}  // namespace hugepages::binding
