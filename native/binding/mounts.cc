// mount, unmount, tryLock, tryLease, isAlone
#include "core/mounts.h"

#include <climits>

#include "binding/arguments.h"
#include "binding/errors.h"
#include "binding/exports.h"

namespace hugepages::binding {
namespace {

// A path or an option with a zero byte would end there for the kernel.
std::string c_string(arguments& call, const char* name) {
  auto text = call.string(name);
  if (text.find('\0') != std::string::npos) throw out_of_range(call.env(), name, "a string without null bytes");
  return text;
}

Napi::Value mount(const Napi::CallbackInfo& info) {
  arguments call(info);
  const auto target = c_string(call, "target");
  const auto options = c_string(call, "options");
  value_or_throw(info.Env(), mount_hugetlbfs(target.c_str(), options.c_str()));
  return info.Env().Undefined();
}

Napi::Value unmount_top(const Napi::CallbackInfo& info) {
  arguments call(info);
  const auto target = c_string(call, "target");
  value_or_throw(info.Env(), unmount(target.c_str()));
  return info.Env().Undefined();
}

using attempt = result<bool> (*)(int);

template <attempt Try>
Napi::Value on_descriptor(const Napi::CallbackInfo& info) {
  arguments call(info);
  const auto descriptor = static_cast<int>(call.integer("descriptor", 0, INT_MAX));
  return Napi::Boolean::New(info.Env(), value_or_throw(info.Env(), Try(descriptor)));
}

}  // namespace

void export_mounts(Napi::Env env, Napi::Object exports) {
  exports.Set("mount", Napi::Function::New<mount>(env, "mount"));
  exports.Set("unmount", Napi::Function::New<unmount_top>(env, "unmount"));
  exports.Set("tryLock", Napi::Function::New<on_descriptor<try_lock>>(env, "tryLock"));
  exports.Set("tryLease", Napi::Function::New<on_descriptor<try_lease>>(env, "tryLease"));
  exports.Set("isAlone", Napi::Function::New<on_descriptor<is_alone>>(env, "isAlone"));
}

}  // namespace hugepages::binding
