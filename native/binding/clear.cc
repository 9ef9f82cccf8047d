// clear
#include "core/clear.h"

#include "binding/exports.h"
#include "binding/jobs.h"

namespace hugepages::binding {
namespace {

Napi::Value clear(const Napi::CallbackInfo& info) {
  arguments call(info);
  auto& owner = environment::of(info.Env()).get(call);
  const auto& target = owner.held->target();
  range_request request;
  request.part = range_argument(call, *target, 1);
  request.threads = static_cast<size_t>(call.integer("threads", 1, 1024));
  return run_in_background(call, owner, clear_job::create(target, request));
}

}  // namespace

void export_clear(Napi::Env env, Napi::Object exports) { exports.Set("clear", Napi::Function::New<clear>(env, "clear")); }

}  // namespace hugepages::binding
