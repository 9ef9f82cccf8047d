// degraded, takeDegraded, onDegraded
#include "core/survival.h"

#include <algorithm>
#include <mutex>
#include <system_error>
#include <thread>

#include "binding/environment.h"
#include "binding/errors.h"
#include "binding/exports.h"

namespace hugepages::binding {
namespace {

struct listener;
void deliver(Napi::Env env, Napi::Function /*none*/, listener* target, void* /*data*/);
using channel = Napi::TypedThreadSafeFunction<listener, void, deliver>;

// One environment that wants to hear of pages that were degraded. Deleted when its channel is closed.
struct listener {
  channel to;
  Napi::FunctionReference callback;
  std::atomic<bool> pending{false};  // one call tells of everything since the last
};

// A thread that waits for the signal handler's word and passes it to all environments. It ends with the process.
class messenger {
 public:
  // Never destroyed: the thread may run while the process exits.
  static messenger& instance() {
    static auto& only = *new messenger;
    return only;
  }

  void add(listener* added) {
    const std::lock_guard lock(mutex_);
    if (!running_) {
      const signals_blocked blocked;
      std::thread([this] { run(); }).detach();
    }
    running_ = true;
    listeners_.push_back(added);
    notify(*added);  // of what happened before
  }

  void remove(listener* gone) {
    const std::lock_guard lock(mutex_);
    listeners_.erase(std::remove(listeners_.begin(), listeners_.end(), gone), listeners_.end());
  }

 private:
  static void notify(listener& each) {
    if (!each.pending.exchange(true)) each.to.NonBlockingCall();
  }

  [[noreturn]] void run() {
    for (uint32_t seen = 0;;) {
      await_degraded(seen);
      const std::lock_guard lock(mutex_);
      for (auto* each : listeners_) notify(*each);
    }
  }

  std::mutex mutex_;
  bool running_ = false;
  std::vector<listener*> listeners_;
};

// On the event loop. `env` is null while the environment is torn down.
void deliver(Napi::Env env, Napi::Function /*none*/, listener* target, void* /*data*/) {
  target->pending = false;
  if (env != nullptr) target->callback.Call({});
}

// The environment ends. Hooks run in reverse order, so the channel, made before this hook was added, is still open.
void stop_at_teardown(void* target) {
  auto* const ending = static_cast<listener*>(target);
  messenger::instance().remove(ending);
  ending->to.Release();
}

Napi::Value on_degraded(const Napi::CallbackInfo& info) {
  arguments call(info);
  const auto env = info.Env();
  auto made = std::make_unique<listener>();
  made->callback = Napi::Persistent(call.function("callback"));
  const auto finalize = [](Napi::Env, void*, listener* finished) { delete finished; };
  auto* const none = static_cast<void*>(nullptr);
  made->to = channel::New(env, nullptr, Napi::Object(), "hugepages.degraded", 0, 1, made.get(), finalize, none);
  auto* const added = made.release();  // the finalizer's now
  added->to.Unref(env);                // keeps no event loop alive
  try {
    messenger::instance().add(added);
  } catch (const std::system_error& error) {
    added->to.Release();
    throw system_error(env, failure{error.code().value(), "pthread_create"});
  }
  napi_add_env_cleanup_hook(env, stop_at_teardown, added);
  return env.Undefined();
}

Napi::Value degraded(const Napi::CallbackInfo& info) {
  arguments call(info);
  const auto* survives = environment::of(info.Env()).get(call).held->target()->survives();
  return Napi::Number::New(info.Env(), survives == nullptr ? 0 : static_cast<double>(survives->count()));
}

Napi::Value take_degraded(const Napi::CallbackInfo& info) {
  arguments call(info);
  auto& owner = environment::of(info.Env()).get(call);
  const auto* survives = owner.held->target()->survives();
  const auto found = survives == nullptr ? degraded_pages{} : survives->since(owner.degraded_position);
  auto offsets = Napi::Array::New(info.Env(), found.offsets.size());
  for (uint32_t i = 0; i < found.offsets.size(); i++) offsets.Set(i, Napi::Number::New(info.Env(), static_cast<double>(found.offsets[i])));
  auto facts = Napi::Object::New(info.Env());
  facts.Set("offsets", offsets);
  facts.Set("missed", Napi::Number::New(info.Env(), static_cast<double>(found.missed)));
  return facts;
}

}  // namespace

void export_survival(Napi::Env env, Napi::Object exports) {
  exports.Set("onDegraded", Napi::Function::New<on_degraded>(env, "onDegraded"));
  exports.Set("degraded", Napi::Function::New<degraded>(env, "degraded"));
  exports.Set("takeDegraded", Napi::Function::New<take_degraded>(env, "takeDegraded"));
}

}  // namespace hugepages::binding
