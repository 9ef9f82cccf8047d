// claim, attachObject, sendObject, receiveObject
#include <climits>

#include "binding/blocking.h"
#include "binding/errors.h"
#include "binding/exports.h"
#include "core/handover.h"

namespace hugepages::binding {
namespace {

Napi::Number number(Napi::Env env, uint64_t value) { return Napi::Number::New(env, static_cast<double>(value)); }

// lib/native/sharing.ts: ObjectClaim
Napi::Value claim(const Napi::CallbackInfo& info) {
  const auto env = info.Env();
  arguments call(info);
  const auto& target = *environment::of(env).get(call).held->target();
  const auto claimed = value_or_throw(env, claim_of(target));
  auto facts = Napi::Object::New(env);
  facts.Set("kind", number(env, claimed.kind));
  facts.Set("source", number(env, claimed.source));
  facts.Set("seals", number(env, claimed.seals));
  facts.Set("segment", Napi::Number::New(env, claimed.segment));
  facts.Set("identity", Napi::String::New(env, claimed.identity.data()));
  facts.Set("descriptor", Napi::Number::New(env, target.object()->descriptor()));
  return facts;
}

object_claim claim_argument(arguments& call) {
  object_claim claimed;
  claimed.kind = static_cast<uint32_t>(call.integer("kind", 0, 2));
  claimed.source = static_cast<uint32_t>(call.integer("source", 1, 3));
  claimed.length = call.bytes("length");
  claimed.page_size = call.power_of_two("pageSize");
  claimed.seals = static_cast<uint32_t>(call.integer("seals", 0, INT_MAX));
  claimed.segment = static_cast<int32_t>(call.integer("segment", -1, INT_MAX));
  const std::string identity = call.string("identity");
  identity.copy(claimed.identity.data(), claimed.identity.size() - 1);
  if (identity.size() >= claimed.identity.size() || !is_sane(claimed)) throw out_of_range(call.env(), "claim", "that of a region");
  return claimed;
}

claim_use use_argument(arguments& call) {
  const bool writable = call.boolean("writable");
  return {writable, call.boolean("degrade")};
}

// Returns a handle.
uint64_t add(Napi::Env env, surviving_memory claimed) {
  return environment::of(env).add(registry::instance().add(std::move(claimed.memory), std::move(claimed.survives)));
}

result<file> open_object(const std::string& path, int pid, int descriptor, bool writable) {
  if (!path.empty()) return open_by_path(path.c_str(), writable);
  return open_of_process(pid, descriptor, writable);
}

Napi::Value attach_object(const Napi::CallbackInfo& info) {
  const auto env = info.Env();
  arguments call(info);
  const auto claimed = claim_argument(call);
  const std::string path = call.string("path");
  const auto pid = static_cast<int>(call.integer("pid", 0, INT_MAX));
  const auto descriptor = static_cast<int>(call.integer("descriptor", -1, INT_MAX));
  const auto use = use_argument(call);
  auto opened = is_segment(claimed) ? result<file>(file(-1)) : open_object(path, pid, descriptor, use.writable);
  if (!opened.ok()) throw system_error(env, opened.error());
  value_or_throw(env, check_claim(claimed, opened.value().descriptor()));
  return number(env, add(env, value_or_throw(env, map_claim(claimed, std::move(opened.value()), use))));
}

handover_request request_argument(arguments& call) {
  handover_request request;
  request.address = call.string("address");
  if (request.address.empty()) throw out_of_range(call.env(), "address", "a path, or an abstract name");
  request.any_user = call.boolean("anyUser");
  const int64_t timeout = call.integer("timeout", -1, max_safe_integer);
  if (timeout >= 0) request.until = std::chrono::steady_clock::now() + std::chrono::nanoseconds(timeout);
  return request;
}

class handover_call : public blocking_call {
 public:
  explicit handover_call(handover_request request) : request_(std::move(request)) {}

  void cancel() override { stop_.set(); }
  [[nodiscard]] bool is_ready() const { return stop_.is_open(); }

  // lib/native/sharing.ts: HandoverOutcome
  std::vector<napi_value> answer(Napi::Env env) override {
    auto facts = Napi::Object::New(env);
    facts.Set("errno", Napi::Number::New(env, -outcome_->error.error));
    facts.Set("syscall", Napi::String::New(env, outcome_->error.call));
    facts.Set("refused", Napi::Boolean::New(env, outcome_->refused));
    facts.Set("reasonErrno", Napi::Number::New(env, -outcome_->reason.error));
    facts.Set("reasonSyscall", Napi::String::New(env, outcome_->reason.call));
    facts.Set("turnedAway", number(env, outcome_->turned_away));
    if (outcome_->memory) facts.Set("handle", number(env, add(env, std::move(*outcome_->memory))));
    return {facts};
  }

 protected:
  [[nodiscard]] const handover_request& request() const { return request_; }
  [[nodiscard]] const stop_event& stop() const { return stop_; }
  void end(handover_outcome outcome) { outcome_.emplace(std::move(outcome)); }

 private:
  const handover_request request_;
  const stop_event stop_;
  std::optional<handover_outcome> outcome_;  // after run()
};

class sending : public handover_call {
 public:
  sending(const std::shared_ptr<region>& target, const object_claim& claimed, handover_request request)
      : handover_call(std::move(request)), object_(target->object()), keep_(work::begin(target)), claim_(claimed) {}

  void run() override {
    end(send_object(claim_, object_->descriptor(), request(), stop()));
    object_.reset();
    keep_.reset();
  }

 private:
  std::shared_ptr<memory_object> object_;
  std::unique_ptr<work> keep_;
  const object_claim claim_;
};

class receiving : public handover_call {
 public:
  receiving(handover_request request, claim_use use) : handover_call(std::move(request)), use_(use) {}

  void run() override { end(receive_object(request(), use_, stop())); }

 private:
  const claim_use use_;
};

Napi::Value start(arguments& call, attachment* owner, std::shared_ptr<handover_call> task) {
  if (!task->is_ready()) throw system_error(call.env(), failure{EMFILE, "eventfd"});
  return number(call.env(), environment::of(call.env()).blocking().start(call, owner, std::move(task)));
}

Napi::Value send_object_async(const Napi::CallbackInfo& info) {
  arguments call(info);
  auto& owner = environment::of(info.Env()).get(call);
  const auto target = owner.held->target();
  auto request = request_argument(call);
  const auto claimed = value_or_throw(info.Env(), claim_of(*target));
  return start(call, &owner, std::make_shared<sending>(target, claimed, std::move(request)));
}

Napi::Value receive_object_async(const Napi::CallbackInfo& info) {
  arguments call(info);
  auto request = request_argument(call);
  const auto use = use_argument(call);
  return start(call, nullptr, std::make_shared<receiving>(std::move(request), use));
}

}  // namespace

void export_sharing(Napi::Env env, Napi::Object exports) {
  exports.Set("claim", Napi::Function::New<claim>(env, "claim"));
  exports.Set("attachObject", Napi::Function::New<attach_object>(env, "attachObject"));
  exports.Set("sendObject", Napi::Function::New<send_object_async>(env, "sendObject"));
  exports.Set("receiveObject", Napi::Function::New<receive_object_async>(env, "receiveObject"));
}

}  // namespace hugepages::binding
