// seals, seal
#include "binding/environment.h"
#include "binding/errors.h"
#include "binding/exports.h"

namespace hugepages::binding {
namespace {

const memory_object& object_argument(arguments& call) {
  const auto& object = environment::of(call.env()).get(call).held->target()->object();
  if (object == nullptr) throw system_error(call.env(), failure{EOPNOTSUPP, "fcntl"});
  return *object;
}

Napi::Value seals(const Napi::CallbackInfo& info) {
  arguments call(info);
  return Napi::Number::New(info.Env(), value_or_throw(info.Env(), object_argument(call).seals()));
}

Napi::Value seal(const Napi::CallbackInfo& info) {
  arguments call(info);
  const auto& object = object_argument(call);
  value_or_throw(info.Env(), object.seal(static_cast<int>(call.integer("seals", 0, 63))));
  return info.Env().Undefined();
}

}  // namespace

void export_seals(Napi::Env env, Napi::Object exports) {
  exports.Set("seals", Napi::Function::New<seals>(env, "seals"));
  exports.Set("seal", Napi::Function::New<seal>(env, "seal"));
}

}  // namespace hugepages::binding
