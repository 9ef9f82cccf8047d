// protect, advise, lock, unlock: one system call each on a range of a region
#include <sys/mman.h>

#include <mutex>

#include "binding/environment.h"
#include "binding/errors.h"
#include "binding/exports.h"

namespace hugepages::binding {
namespace {

region& target_of(arguments& call) { return *environment::of(call.env()).get(call).held->target(); }

range target_range(arguments& call) {
  auto& target = target_of(call);
  target.alter();
  return range_argument(call, target, target.page_size());
}

Napi::Value finish(Napi::Env env, int outcome, const char* name) {
  if (outcome != 0) throw system_error(env, last_failure(name));
  return env.Undefined();
}

Napi::Value protect(const Napi::CallbackInfo& info) {
  arguments call(info);
  auto& target = target_of(call);
  const range part = range_argument(call, target, target.page_size());
  const auto protection = static_cast<int>(call.integer("protection", 0, PROT_READ | PROT_WRITE));
  target.alter();
  const std::lock_guard lock(target.pages());
  auto* const survives = target.survives();
  if (survives == nullptr) return finish(info.Env(), mprotect(part.pointer(), part.length, protection), "mprotect");
  value_or_throw(info.Env(), survives->protect(part, protection));
  return info.Env().Undefined();
}

Napi::Value advise(const Napi::CallbackInfo& info) {
  arguments call(info);
  const range part = target_range(call);
  // Everything below MADV_HWPOISON, which takes memory away from the whole machine.
  const auto advice = static_cast<int>(call.integer("advice", 0, 99));
  return finish(info.Env(), madvise(part.pointer(), part.length, advice), "madvise");
}

Napi::Value lock(const Napi::CallbackInfo& info) {
  arguments call(info);
  const range part = target_range(call);
  return finish(info.Env(), mlock(part.pointer(), part.length), "mlock");
}

Napi::Value unlock(const Napi::CallbackInfo& info) {
  arguments call(info);
  const range part = target_range(call);
  return finish(info.Env(), munlock(part.pointer(), part.length), "munlock");
}

}  // namespace

void export_advice(Napi::Env env, Napi::Object exports) {
  exports.Set("protect", Napi::Function::New<protect>(env, "protect"));
  exports.Set("advise", Napi::Function::New<advise>(env, "advise"));
  exports.Set("lock", Napi::Function::New<lock>(env, "lock"));
  exports.Set("unlock", Napi::Function::New<unlock>(env, "unlock"));
}

}  // namespace hugepages::binding
