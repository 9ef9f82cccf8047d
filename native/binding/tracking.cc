// trackWrites, takeWritten, endTracking
#include "binding/environment.h"
#include "binding/errors.h"
#include "binding/exports.h"

namespace hugepages::binding {
namespace {

Napi::Value track_writes(const Napi::CallbackInfo& info) {
  arguments call(info);
  auto& owner = environment::of(info.Env()).get(call);
  if (owner.writes) throw system_error(info.Env(), failure{EBUSY, "ioctl(UFFDIO_REGISTER)"});
  owner.writes = value_or_throw(info.Env(), write_tracker::begin(owner.held->target()));
  return info.Env().Undefined();
}

std::vector<range> written(Napi::Env env, attachment& owner) {
  const auto& target = owner.held->target();
  if (&owner.writes->target() == target.get()) return value_or_throw(env, owner.writes->take());
  // It has other addresses, of which nobody kept track.
  owner.writes = value_or_throw(env, write_tracker::begin(target));
  return {target->usable()};
}

Napi::Value take_written(const Napi::CallbackInfo& info) {
  arguments call(info);
  auto& owner = environment::of(info.Env()).get(call);
  if (!owner.writes) throw out_of_range(info.Env(), "handle", "that of a tracked region");
  const auto parts = written(info.Env(), owner);
  const uintptr_t origin = owner.held->target()->usable().start;
  auto bounds = Napi::Float64Array::New(info.Env(), 2 * parts.size());
  for (size_t i = 0; i < parts.size(); i++) {
    bounds[2 * i] = static_cast<double>(parts[i].start - origin);
    bounds[2 * i + 1] = static_cast<double>(parts[i].length);
  }
  return bounds;
}

Napi::Value end_tracking(const Napi::CallbackInfo& info) {
  arguments call(info);
  environment::of(info.Env()).get(call).writes.reset();
  return info.Env().Undefined();
}

}  // namespace

void export_tracking(Napi::Env env, Napi::Object exports) {
  exports.Set("trackWrites", Napi::Function::New<track_writes>(env, "trackWrites"));
  exports.Set("takeWritten", Napi::Function::New<take_written>(env, "takeWritten"));
  exports.Set("endTracking", Napi::Function::New<end_tracking>(env, "endTracking"));
}

}  // namespace hugepages::binding
