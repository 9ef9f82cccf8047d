// populate, populateSync
#include "core/populate.h"

#include "binding/exports.h"
#include "binding/jobs.h"

namespace hugepages::binding {
namespace {

struct populate_call {
  attachment& owner;
  std::shared_ptr<populate_job> job;
};

populate_call populate_arguments(arguments& call) {
  auto& owner = environment::of(call.env()).get(call);
  const auto& target = owner.held->target();
  populate_request request;
  request.part = range_argument(call, *target, target->page_size());
  request.threads = static_cast<size_t>(call.integer("threads", 1, 1024));
  request.cpus = call.integers("cpus", 0, 8191);
  request.collapse = call.boolean("collapse");
  // A live handle holds the region, so it is not retired and the job is never null.
  return {owner, populate_job::create(target, request)};
}

Napi::Value populate_async(const Napi::CallbackInfo& info) {
  arguments call(info);
  auto [owner, job] = populate_arguments(call);
  return run_in_background(call, owner, std::move(job));
}

Napi::Value populate_sync(const Napi::CallbackInfo& info) {
  arguments call(info);
  return run_at_once(info.Env(), *populate_arguments(call).job);
}

}  // namespace

void export_populate(Napi::Env env, Napi::Object exports) {
  exports.Set("populate", Napi::Function::New<populate_async>(env, "populate"));
  exports.Set("populateSync", Napi::Function::New<populate_sync>(env, "populateSync"));
}

}  // namespace hugepages::binding
