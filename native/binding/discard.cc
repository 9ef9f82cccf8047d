// discard, reserve, holes
#include "core/discard.h"

#include "binding/environment.h"
#include "binding/errors.h"
#include "binding/exports.h"

namespace hugepages::binding {
namespace {

Napi::Number bytes(Napi::Env env, size_t value) { return Napi::Number::New(env, static_cast<double>(value)); }

Napi::Value discard(const Napi::CallbackInfo& info) {
  arguments call(info);
  const auto& target = environment::of(info.Env()).get(call).held->target();
  const range part = range_argument(call, *target, target->mapping_page_size());
  const bool keep = call.boolean("keepReservation");
  const auto outcome = value_or_throw(info.Env(), hugepages::discard(*target, part, keep));
  auto facts = Napi::Object::New(info.Env());
  facts.Set("freedBytes", bytes(info.Env(), outcome.freed));
  facts.Set("reservation", Napi::Number::New(info.Env(), static_cast<int>(outcome.state)));
  if (outcome.error.error != 0) facts.Set("error", system_error(info.Env(), outcome.error).Value());
  return facts;
}

Napi::Value reserve(const Napi::CallbackInfo& info) {
  arguments call(info);
  const auto& target = environment::of(info.Env()).get(call).held->target();
  const range part = range_argument(call, *target, target->mapping_page_size());
  value_or_throw(info.Env(), hugepages::reserve(*target, part));
  return info.Env().Undefined();
}

Napi::Value holes(const Napi::CallbackInfo& info) {
  arguments call(info);
  const auto& target = environment::of(info.Env()).get(call).held->target();
  const range part = range_argument(call, *target, target->mapping_page_size());
  const auto found = value_or_throw(info.Env(), hugepages::holes(*target, part));
  auto list = Napi::Array::New(info.Env(), found.size());
  for (uint32_t i = 0; i < found.size(); i++) {
    const Napi::HandleScope scope(info.Env());
    auto hole = Napi::Object::New(info.Env());
    hole.Set("offset", bytes(info.Env(), found[i].start - target->usable().start));
    hole.Set("length", bytes(info.Env(), found[i].length));
    list.Set(i, hole);
  }
  return list;
}

}  // namespace

void export_discard(Napi::Env env, Napi::Object exports) {
  exports.Set("discard", Napi::Function::New<discard>(env, "discard"));
  exports.Set("reserve", Napi::Function::New<reserve>(env, "reserve"));
  exports.Set("holes", Napi::Function::New<holes>(env, "holes"));
}

}  // namespace hugepages::binding
