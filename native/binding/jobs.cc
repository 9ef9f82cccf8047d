// cancel, and the threads of jobs in the background
#include "binding/jobs.h"

#include <system_error>
#include <thread>

#include "binding/errors.h"
#include "binding/exports.h"
#include "core/signals.h"

namespace hugepages::binding {
namespace {

// One job in the background: its thread, and how its news reach the event loop. Deleted when the channel is closed, and the thread, which
// closes it with its last words, is waited for then: whoever awaits the outcome need not wait for the end of a thread as well.
struct background {
  background() = default;
  background(const background&) = delete;
  background& operator=(const background&) = delete;
  ~background() {
    if (thread.joinable()) thread.join();
  }

  std::weak_ptr<job> watched;
  uint64_t number = 0;
  std::thread thread;
  Napi::FunctionReference on_progress;  // empty: nobody asked
  Napi::FunctionReference on_done;
};

struct message {
  size_t bytes = 0;
  size_t total = 0;
  std::unique_ptr<job_outcome> outcome;  // null: progress only
};

// lib/native/jobs.ts: JobOutcome
Napi::Object describe(Napi::Env env, const job_outcome& outcome) {
  auto facts = Napi::Object::New(env);
  facts.Set("bytes", Napi::Number::New(env, static_cast<double>(outcome.bytes)));
  facts.Set("apartBytes", Napi::Number::New(env, static_cast<double>(outcome.apart)));
  facts.Set("threads", Napi::Number::New(env, static_cast<double>(outcome.threads)));
  facts.Set("nanoseconds", Napi::Number::New(env, static_cast<double>(outcome.elapsed.count())));
  facts.Set("cancelled", Napi::Boolean::New(env, outcome.cancelled));
  facts.Set("errno", Napi::Number::New(env, -outcome.error.error));
  facts.Set("syscall", Napi::String::New(env, outcome.error.call));
  facts.Set("noteErrno", Napi::Number::New(env, -outcome.note.error));
  return facts;
}

// The environment ends with a job under way, because its worker is terminated for example. Hooks run in reverse order, so the channel,
// made before this hook was added, is still open: the thread has to be gone before it is not. That takes one chunk.
void stop_at_teardown(void* target) {
  auto* running = static_cast<background*>(target);
  if (const auto task = running->watched.lock()) task->cancel();
  running->thread.join();
}

// On the event loop. `env` is null while the environment is torn down.
void deliver(Napi::Env env, Napi::Function /*none*/, background* target, message* data) {
  const std::unique_ptr<message> received(data);
  if (env == nullptr) return;
  if (received->outcome) {
    napi_remove_env_cleanup_hook(env, stop_at_teardown, target);
    environment::of(env).remove_job(target->number);
    target->on_done.Call({describe(env, *received->outcome)});
  } else {
    target->on_progress.Call(
        {Napi::Number::New(env, static_cast<double>(received->bytes)), Napi::Number::New(env, static_cast<double>(received->total))});
  }
}

using channel = Napi::TypedThreadSafeFunction<background, message, deliver>;

void send(const channel& to, std::unique_ptr<message> data) {
  if (to.NonBlockingCall(data.get()) == napi_ok) (void)data.release();  // deliver's now
}

void thread_main(std::shared_ptr<job> task, channel to, bool observed) {
  job::observer observe;
  if (observed) observe = [&to](size_t bytes, size_t total) { send(to, std::make_unique<message>(message{bytes, total, nullptr})); };
  auto outcome = std::make_unique<job_outcome>(task->run(observe));
  // Ends the work on the region, so that the pages of one disposed meanwhile are back before anybody hears of it.
  task.reset();
  send(to, std::make_unique<message>(message{0, 0, std::move(outcome)}));
  to.Release();
}

Napi::Value cancel(const Napi::CallbackInfo& info) {
  arguments call(info);
  environment::of(info.Env()).cancel_job(static_cast<uint64_t>(call.integer("job", 1, max_safe_integer)));
  return info.Env().Undefined();
}

}  // namespace

Napi::Value run_in_background(arguments& call, attachment& owner, std::shared_ptr<job> task) {
  const auto env = call.env();
  const auto on_progress = call.optional_function("onProgress");
  auto context = std::make_unique<background>();
  if (on_progress.IsFunction()) context->on_progress = Napi::Persistent(on_progress.As<Napi::Function>());
  context->on_done = Napi::Persistent(call.function("onDone"));
  context->watched = task;
  const auto finalize = [](Napi::Env, void*, background* finished) { delete finished; };
  auto* const none = static_cast<void*>(nullptr);
  auto to = channel::New(env, nullptr, Napi::Object(), "hugepages", 0, 1, context.get(), finalize, none);
  auto* const running = context.release();  // the finalizer's now
  running->number = environment::of(env).add_job(owner, task);
  try {
    const signals_blocked blocked;
    running->thread = std::thread(thread_main, std::move(task), to, on_progress.IsFunction());
  } catch (const std::system_error& error) {
    environment::of(env).remove_job(running->number);
    to.Abort();
    throw system_error(env, failure{error.code().value(), "pthread_create"});
  }
  napi_add_env_cleanup_hook(env, stop_at_teardown, running);
  return Napi::Number::New(env, static_cast<double>(running->number));
}

Napi::Value run_at_once(Napi::Env env, job& task) { return describe(env, task.run(nullptr)); }

void export_jobs(Napi::Env env, Napi::Object exports) { exports.Set("cancel", Napi::Function::New<cancel>(env, "cancel")); }

}  // namespace hugepages::binding
