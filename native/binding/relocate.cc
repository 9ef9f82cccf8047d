// relocate
#include "core/relocate.h"

#include "binding/environment.h"
#include "binding/errors.h"
#include "binding/exports.h"

namespace hugepages::binding {
namespace {

// lib/native/regions.ts: RelocateOutcome
enum class outcome { done = 0, in_use = 1, viewed = 2, degraded = 3 };

relocation relocation_argument(arguments& call, const region& target) {
  relocation to;
  to.length = call.bytes("length");
  if (to.length == 0 || !is_multiple(to.length, target.page_size())) {
    throw out_of_range(call.env(), "length", "a multiple of " + std::to_string(target.page_size()) + " above 0");
  }
  to.alignment = call.power_of_two("alignment");
  to.hint = call.address("hint");
  return to;
}

// ArrayBuffers that can be detached are not in the way.
bool is_viewed_for_good(const environment& here, attachment& owner) {
  const auto& target = *owner.held->target();
  if (target.pointers() > environment::open_buffers(owner)) return true;
  here.detach_buffers(owner);
  return target.pointers() != 0;
}

outcome relocate_hold(Napi::Env env, attachment& owner, relocation to) {
  const auto& here = environment::of(env);
  const auto& target = owner.held->target();
  const auto moving = registry::instance().replace(target);
  if (!moving) return outcome::in_use;
  if (target->survives() != nullptr && target->survives()->count() != 0) return outcome::degraded;
  if (leaves_gap(moving->memory()) && is_viewed_for_good(here, owner)) return outcome::viewed;
  to.survives = target->survives();
  auto moved = value_or_throw(env, relocate(moving->memory(), to));
  here.detach_buffers(owner);
  const auto before = std::exchange(owner.held, moving->finish(std::move(moved.memory), std::move(moved.survives)));
  owner.degraded_position = 0;
  before->release();
  return outcome::done;
}

Napi::Value relocate_region(const Napi::CallbackInfo& info) {
  arguments call(info);
  auto& owner = environment::of(info.Env()).get(call);
  auto to = relocation_argument(call, *owner.held->target());
  return Napi::Number::New(info.Env(), static_cast<int>(relocate_hold(info.Env(), owner, to)));
}

}  // namespace

void export_relocate(Napi::Env env, Napi::Object exports) {
  exports.Set("relocate", Napi::Function::New<relocate_region>(env, "relocate"));
}

}  // namespace hugepages::binding
