// populate, populateSync, cancel
#include "core/populate.h"

#include <system_error>
#include <thread>

#include "binding/environment.h"
#include "binding/errors.h"
#include "binding/exports.h"
#include "core/signals.h"

namespace hugepages::binding {
namespace {

// One populate in the background: its thread, and how its news reach the event loop. Deleted when the channel is closed.
struct background {
  std::weak_ptr<populate_job> watched;
  uint64_t number = 0;
  std::thread thread;
  Napi::FunctionReference on_progress;  // empty: nobody asked
  Napi::FunctionReference on_done;
};

struct message {
  size_t bytes = 0;
  std::unique_ptr<populate_outcome> outcome;  // null: progress only
};

Napi::Object describe(Napi::Env env, const populate_outcome& outcome) {
  auto facts = Napi::Object::New(env);
  facts.Set("populatedBytes", Napi::Number::New(env, static_cast<double>(outcome.populated)));
  facts.Set("threads", Napi::Number::New(env, static_cast<double>(outcome.threads)));
  facts.Set("nanoseconds", Napi::Number::New(env, static_cast<double>(outcome.elapsed.count())));
  facts.Set("cancelled", Napi::Boolean::New(env, outcome.cancelled));
  facts.Set("errno", Napi::Number::New(env, -outcome.error.error));
  facts.Set("syscall", Napi::String::New(env, outcome.error.call));
  facts.Set("collapseErrno", Napi::Number::New(env, -outcome.collapse_error.error));
  return facts;
}

// The environment ends with a populate under way, because its worker is terminated for example. Hooks run in reverse order, so the
// channel, made before this hook was added, is still open: the thread has to be gone before it is not. That takes one chunk.
void stop_at_teardown(void* target) {
  auto* running = static_cast<background*>(target);
  if (const auto job = running->watched.lock()) job->cancel();
  running->thread.join();
}

// On the event loop. `env` is null while the environment is torn down.
void deliver(Napi::Env env, Napi::Function /*none*/, background* target, message* data) {
  const std::unique_ptr<message> received(data);
  if (env == nullptr) return;
  if (received->outcome) {
    napi_remove_env_cleanup_hook(env, stop_at_teardown, target);
    target->thread.join();  // it has nothing left to do
    environment::of(env).remove_job(target->number);
    target->on_done.Call({describe(env, *received->outcome)});
  } else {
    target->on_progress.Call({Napi::Number::New(env, static_cast<double>(received->bytes))});
  }
}

using channel = Napi::TypedThreadSafeFunction<background, message, deliver>;

void send(const channel& to, std::unique_ptr<message> data) {
  if (to.NonBlockingCall(data.get()) == napi_ok) (void)data.release();  // deliver's now
}

void thread_main(std::shared_ptr<populate_job> job, channel to, bool observed) {
  populate_job::observer observe;
  if (observed) observe = [&to](size_t bytes) { send(to, std::make_unique<message>(message{bytes, nullptr})); };
  auto outcome = std::make_unique<populate_outcome>(job->run(observe));
  // Ends the work on the region, so that the pages of one disposed meanwhile are back before anybody hears of it.
  job.reset();
  send(to, std::make_unique<message>(message{0, std::move(outcome)}));
  to.Release();
}

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
  return {owner, populate_job::create(target, std::move(request))};
}

Napi::Value populate_async(const Napi::CallbackInfo& info) {
  arguments call(info);
  auto [owner, job] = populate_arguments(call);
  const auto on_progress = call.optional_function("onProgress");
  auto context = std::make_unique<background>();
  if (on_progress.IsFunction()) context->on_progress = Napi::Persistent(on_progress.As<Napi::Function>());
  context->on_done = Napi::Persistent(call.function("onDone"));
  context->watched = job;
  const auto finalize = [](Napi::Env, void*, background* finished) { delete finished; };
  auto* const none = static_cast<void*>(nullptr);
  auto to = channel::New(info.Env(), nullptr, Napi::Object(), "hugepages.populate", 0, 1, context.get(), finalize, none);
  auto* const running = context.release();  // the finalizer's now
  running->number = environment::of(info.Env()).add_job(owner, job);
  try {
    const signals_blocked blocked;
    running->thread = std::thread(thread_main, std::move(job), to, on_progress.IsFunction());
  } catch (const std::system_error& error) {
    environment::of(info.Env()).remove_job(running->number);
    to.Abort();
    throw system_error(info.Env(), failure{error.code().value(), "pthread_create"});
  }
  napi_add_env_cleanup_hook(info.Env(), stop_at_teardown, running);
  return Napi::Number::New(info.Env(), static_cast<double>(running->number));
}

Napi::Value populate_sync(const Napi::CallbackInfo& info) {
  arguments call(info);
  return describe(info.Env(), populate_arguments(call).job->run(nullptr));
}

Napi::Value cancel(const Napi::CallbackInfo& info) {
  arguments call(info);
  environment::of(info.Env()).cancel_job(static_cast<uint64_t>(call.integer("job", 1, max_safe_integer)));
  return info.Env().Undefined();
}

}  // namespace

void export_populate(Napi::Env env, Napi::Object exports) {
  exports.Set("populate", Napi::Function::New<populate_async>(env, "populate"));
  exports.Set("populateSync", Napi::Function::New<populate_sync>(env, "populateSync"));
  exports.Set("cancel", Napi::Function::New<cancel>(env, "cancel"));
}

}  // namespace hugepages::binding
