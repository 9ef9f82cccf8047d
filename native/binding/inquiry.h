// Questions to the kernel that may take long: answered on the calling thread, or on one of their own.
#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "binding/blocking.h"
#include "binding/errors.h"
#include "core/pagemap_file.h"

namespace hugepages::binding {

// Of user space, on any processor.
constexpr uint64_t address_space = uint64_t{1} << 56U;

template <class T>
class inquiry : public blocking_call {
 public:
  using question = std::function<result<T>(const stop_flag&)>;
  using describer = Napi::Value (*)(Napi::Env, const T&);

  inquiry(question ask, describer describe) : ask_(std::move(ask)), describe_(describe) {}

  void run() override { outcome_.emplace(ask_(stop_)); }
  void cancel() override { stop_ = true; }

  std::vector<napi_value> answer(Napi::Env env) override {
    if (!outcome_->ok()) return {system_error(env, outcome_->error()).Value(), env.Undefined()};
    return {env.Undefined(), describe_(env, outcome_->value())};
  }

  Napi::Value value(Napi::Env env) { return describe_(env, value_or_throw(env, std::move(*outcome_))); }

 private:
  const question ask_;
  const describer describe_;
  stop_flag stop_{false};
  std::optional<result<T>> outcome_;  // after run()
};

template <class T>
Napi::Value ask_at_once(arguments& call, typename inquiry<T>::question ask, typename inquiry<T>::describer describe) {
  inquiry<T> asked(std::move(ask), describe);
  asked.run();
  return asked.value(call.env());
}

// Takes onDone from the call, which gets an error or the value. Returns a number for cancel(number).
template <class T>
Napi::Value ask_in_background(arguments& call, typename inquiry<T>::question ask, typename inquiry<T>::describer describe) {
  auto asked = std::make_shared<inquiry<T>>(std::move(ask), describe);
  return Napi::Number::New(call.env(), static_cast<double>(environment::of(call.env()).blocking().start(call, nullptr, std::move(asked))));
}

}  // namespace hugepages::binding
