#include "binding/blocking.h"

#include "binding/errors.h"
#include "core/blocking_threads.h"

namespace hugepages::binding {

blocking_calls::blocking_calls(Napi::Env env)
    : channel_(channel::New(
          env, nullptr, Napi::Object(), "hugepages", 0, 1, this, [](Napi::Env, void*, blocking_calls*) {}, static_cast<void*>(nullptr))) {
  channel_.Unref(env);
  napi_add_env_cleanup_hook(env, stop_at_teardown, this);
}

uint64_t blocking_calls::start(arguments& call, attachment* owner, std::shared_ptr<blocking_call> task) {
  const auto env = call.env();
  auto on_done = Napi::Persistent(call.function("onDone"));
  auto& here = environment::of(env);
  const uint64_t number = owner == nullptr ? here.add_job(task) : here.add_job(*owner, task);
  auto& added = *running_.emplace(number, new running{std::move(task), std::move(on_done), number}).first->second;
  {
    const std::lock_guard lock(mutex_);
    threads_++;
  }
  const auto started = blocking_threads::instance().run([this, &added] { run(added); });
  if (!started.ok()) {
    threads_--;
    take(number);
    here.remove_job(number);
    throw system_error(env, started.error());
  }
  channel_.Ref(env);
  return number;
}

void blocking_calls::run(running& one) {
  one.task->run();
  (void)channel_.NonBlockingCall(&one);
  const std::lock_guard lock(mutex_);
  threads_--;
  left_.notify_one();
}

// On the event loop. `env` is null while the environment is torn down.
void blocking_calls::deliver(Napi::Env env, Napi::Function /*none*/, blocking_calls* self, running* ended) {
  if (env == nullptr) return;
  const auto taken = self->take(ended->number);
  environment::of(env).remove_job(taken.number);
  if (self->running_.empty()) self->channel_.Unref(env);
  self->note_answer();
  taken.on_done.Call(taken.task->answer(env));
}

blocking_calls::running blocking_calls::take(uint64_t number) {
  const auto node = running_.extract(number);
  return std::move(*node.mapped());
}

// The environment ends with calls under way, because its worker is terminated for example. Hooks run in reverse order, so the channel,
// made before this hook was added, is still open: the threads have to be gone before it is not.
void blocking_calls::stop_at_teardown(void* self) {
  auto& ending = *static_cast<blocking_calls*>(self);
  for (const auto& [number, one] : ending.running_) one->task->cancel();
  std::unique_lock lock(ending.mutex_);
  ending.left_.wait(lock, [&ending] { return ending.threads_ == 0; });
  ending.running_.clear();
}

}  // namespace hugepages::binding
