// tryWait, wait, waitSync, notify
#include "core/futex.h"

#include <optional>

#include "binding/blocking.h"
#include "binding/buffers.h"
#include "binding/errors.h"
#include "binding/exports.h"

namespace hugepages::binding {
namespace {

// How often a thread that waits in waitSync looks whether it is to end: Worker.terminate() has no other way to tell it.
constexpr std::chrono::milliseconds terminate_interval(50);

// Only what follows an answer so closely may find the next one by spinning.
constexpr std::chrono::milliseconds spin_limit(1);

// By its number, lib/native/futex.ts: WAIT_OUTCOMES. A string would have to be made.
Napi::Value result_number(Napi::Env env, futex_outcome outcome) { return Napi::Number::New(env, static_cast<int>(outcome)); }

class background_wait : public blocking_call {
 public:
  background_wait(std::unique_ptr<work> keep, futex_word word, futex_deadline until) : waiter_(std::move(keep), word, until) {}

  void run() override { outcome_ = waiter_.run(); }
  void cancel() override { waiter_.cancel(); }

  std::vector<napi_value> answer(Napi::Env env) override {
    if (!outcome_.ok()) return {system_error(env, outcome_.error()).Value(), env.Undefined()};
    return {env.Undefined(), result_number(env, outcome_.value())};
  }

 private:
  futex_waiter waiter_;
  result<futex_outcome> outcome_ = futex_outcome::cancelled;
};

uintptr_t word_argument(arguments& call, const region& target) {
  const size_t offset = call.bytes("offset");
  if (!is_multiple(offset, 4) || offset > target.usable().length - 4) {
    throw out_of_range(call.env(), "offset", "a multiple of 4 within the region");
  }
  return target.usable().start + offset;
}

struct wait_call {
  wait_call(arguments& call, const region& target)
      : word{word_argument(call, target), static_cast<uint32_t>(call.integer("expected", INT32_MIN, INT32_MAX))} {
    const int64_t timeout = call.integer("timeout", -1, max_safe_integer);
    if (timeout >= 0) until = futex_clock::now() + std::chrono::nanoseconds(timeout);
  }

  futex_word word;
  futex_deadline until;
};

// What can be said without going to sleep.
std::optional<futex_outcome> at_once(Napi::Env env, const wait_call& asked, spin_budget& spins, blocking_calls& calls) {
  if (!value_or_throw(env, futex_equal(asked.word))) return futex_outcome::not_equal;
  const auto now = futex_clock::now();
  if (asked.until && *asked.until <= now) return futex_outcome::timed_out;
  if (now - calls.last_answer() >= spin_limit) return std::nullopt;
  const bool changed = value_or_throw(env, futex_spin(asked.word, spins.next()));
  spins.learn(changed);
  if (!changed) return std::nullopt;
  calls.note_answer();
  return futex_outcome::woken;
}

Napi::Value try_wait(const Napi::CallbackInfo& info) {
  const auto env = info.Env();
  arguments call(info);
  auto& here = environment::of(env);
  auto& owner = here.get(call);
  const wait_call asked(call, *owner.held->target());
  const auto known = at_once(env, asked, owner.spins, here.blocking());
  return known ? result_number(env, *known) : Napi::Number::New(env, -1);
}

Napi::Value wait(const Napi::CallbackInfo& info) {
  const auto env = info.Env();
  arguments call(info);
  auto& here = environment::of(env);
  auto& owner = here.get(call);
  const wait_call asked(call, *owner.held->target());
  // A live handle holds the region, so it is not retired and there is work to begin.
  auto waiting = std::make_shared<background_wait>(work::begin(owner.held->target()), asked.word, asked.until);
  return Napi::Number::New(env, static_cast<double>(here.blocking().start(call, &owner, std::move(waiting))));
}

Napi::Value wait_sync(const Napi::CallbackInfo& info) {
  const auto env = info.Env();
  arguments call(info);
  auto& here = environment::of(env);
  const auto& target = *here.get(call).held->target();
  const wait_call asked(call, target);
  if (!here.can_be_terminated()) return result_number(env, value_or_throw(env, futex_wait(asked.word, asked.until)));
  const auto go_on = [env] {
    const Napi::HandleScope scope(env);
    return !is_ending(env);
  };
  return result_number(env, value_or_throw(env, futex_wait(asked.word, asked.until, terminate_interval, go_on)));
}

Napi::Value notify(const Napi::CallbackInfo& info) {
  arguments call(info);
  const auto& target = *environment::of(info.Env()).get(call).held->target();
  const uintptr_t word = word_argument(call, target);
  const auto count = static_cast<size_t>(call.integer("count", 0, INT32_MAX));
  return Napi::Number::New(info.Env(), static_cast<double>(value_or_throw(info.Env(), futex_wake(word, count))));
}

}  // namespace

void export_futex(Napi::Env env, Napi::Object exports) {
  exports.Set("tryWait", Napi::Function::New<try_wait>(env, "tryWait"));
  exports.Set("wait", Napi::Function::New<wait>(env, "wait"));
  exports.Set("waitSync", Napi::Function::New<wait_sync>(env, "waitSync"));
  exports.Set("notify", Napi::Function::New<notify>(env, "notify"));
}

}  // namespace hugepages::binding
