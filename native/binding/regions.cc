// map, keep, release, renew, abandon, describe, path, id, newId, attach, stats
#include <climits>

#include "binding/buffers.h"
#include "binding/environment.h"
#include "binding/errors.h"
#include "binding/exports.h"

namespace hugepages::binding {
namespace {

// lib/native/regions.ts: MapFlag
constexpr int64_t flag_shared = 1;
constexpr int64_t flag_no_reserve = 2;
constexpr int64_t flag_guard = 4;
constexpr int64_t flag_inherit_on_fork = 8;
constexpr int64_t flag_persistent = 16;
constexpr int64_t flag_adopt = 32;
constexpr int64_t flag_degrade = 64;

// lib/native/regions.ts: Figure
constexpr size_t figure_count = 9;

struct map_arguments {
  map_request mapping;
  object_request object;
  bool degrade;
  int seals;
};

map_arguments take_map_arguments(arguments& call) {
  map_arguments taken{};
  auto& request = taken.mapping;
  request.kind = static_cast<backing_kind>(call.integer("kind", 0, 2));
  request.length = call.bytes("length");
  if (request.length == 0) throw out_of_range(call.env(), "length", "at least 1");
  request.page_size = call.power_of_two("pageSize");
  if (request.page_size < base_page_size()) throw out_of_range(call.env(), "pageSize", "at least the base page size");
  const int64_t flags = call.integer("flags", 0, 127);
  request.shared = (flags & flag_shared) != 0;
  request.reserve = (flags & flag_no_reserve) == 0;
  request.guard = (flags & flag_guard) != 0;
  request.inherit_on_fork = (flags & flag_inherit_on_fork) != 0;
  request.alignment = call.power_of_two("alignment");
  request.hint = call.address("hint");
  taken.degrade = (flags & flag_degrade) != 0;
  request.node_mode = static_cast<int>(call.integer("nodeMode", -1, 6));
  request.nodes = call.integers("nodes", 0, 1023);
  auto& object = taken.object;
  object.source = static_cast<source_kind>(call.integer("source", 0, 3));
  object.path = call.string("path");
  object.name = call.string("name");
  object.key = static_cast<int>(call.integer("key", INT_MIN, INT_MAX));
  object.length = round_up(request.length, request.page_size);
  object.page_size = request.page_size;
  object.hugetlb = request.kind == backing_kind::hugetlb;
  object.reserve = request.reserve;
  object.persistent = (flags & flag_persistent) != 0;
  object.adopt = (flags & flag_adopt) != 0;
  taken.seals = static_cast<int>(call.integer("seals", 0, 63));
  return taken;
}

Napi::Value map(const Napi::CallbackInfo& info) {
  arguments call(info);
  auto [request, object, degrade, seals] = take_map_arguments(call);
  if (object.source != source_kind::anonymous) request.object = value_or_throw(info.Env(), memory_object::create(object));
  auto memory = value_or_throw(info.Env(), mapping::create(request));
  std::unique_ptr<survival> survives;
  if (degrade) survives = value_or_throw(info.Env(), survival::begin(memory));
  // Afterwards: a seal may forbid the very mapping.
  if (seals != 0 && request.object != nullptr) value_or_throw(info.Env(), request.object->seal(seals));
  const auto handle = environment::of(info.Env()).add(registry::instance().add(std::move(memory), std::move(survives)));
  return Napi::Number::New(info.Env(), static_cast<double>(handle));
}

Napi::Value keep(const Napi::CallbackInfo& info) {
  arguments call(info);
  const auto& object = environment::of(info.Env()).get(call).held->target()->object();
  if (object != nullptr) object->keep();
  return info.Env().Undefined();
}

Napi::Value release(const Napi::CallbackInfo& info) {
  arguments call(info);
  auto& here = environment::of(info.Env());
  auto taken = here.take(call);
  // The pages go back in any case.
  const std::unique_ptr<hold, void (*)(hold*)> releases(taken.held.get(), [](hold* held) { held->release(); });
  here.detach_buffers(taken);
  return info.Env().Undefined();
}

Napi::Value renew(const Napi::CallbackInfo& info) {
  arguments call(info);
  auto& here = environment::of(info.Env());
  auto taken = here.take(call);
  const std::unique_ptr<hold, void (*)(hold*)> releases(taken.held.get(), [](hold* held) { held->release(); });
  here.detach_buffers(taken);
  auto renewed = registry::instance().renew(*taken.held);
  if (!renewed) return info.Env().Undefined();
  return Napi::Number::New(info.Env(), static_cast<double>(here.add(std::move(renewed))));
}

Napi::Value abandon(const Napi::CallbackInfo& info) {
  arguments call(info);
  environment::of(info.Env()).take(call);
  return info.Env().Undefined();
}

Napi::Value describe(const Napi::CallbackInfo& info) {
  arguments call(info);
  const auto& target = *environment::of(info.Env()).get(call).held->target();
  // Into memory of JavaScript: an object of as many properties costs more than the mapping.
  double* figure = call.doubles("figures", figure_count);
  const auto* survives = target.survives();
  const auto& object = target.object();
  *figure++ = static_cast<double>(target.usable().start);
  *figure++ = static_cast<double>(target.usable().length);
  *figure++ = static_cast<double>(target.page_size());
  *figure++ = static_cast<double>(target.kind());
  *figure++ = static_cast<double>(target.shared());
  *figure++ = static_cast<double>(target.writable());
  *figure++ = survives == nullptr ? 0 : static_cast<double>(survives->page_size());
  *figure++ = static_cast<double>(object ? object->source() : source_kind::anonymous);
  *figure++ = static_cast<double>(target.alignment());
  return info.Env().Undefined();
}

Napi::Value path(const Napi::CallbackInfo& info) {
  arguments call(info);
  const auto& object = environment::of(info.Env()).get(call).held->target()->object();
  return Napi::String::New(info.Env(), object ? object->path() : "");
}

Napi::Value id(const Napi::CallbackInfo& info) {
  arguments call(info);
  return Napi::String::New(info.Env(), environment::of(info.Env()).get(call).held->target()->id());
}

Napi::Value new_id(const Napi::CallbackInfo& info) { return Napi::String::New(info.Env(), registry::instance().new_id()); }

Napi::Value attach(const Napi::CallbackInfo& info) {
  arguments call(info);
  auto held = registry::instance().attach(call.string("id"));
  if (!held) return info.Env().Undefined();
  return Napi::Number::New(info.Env(), static_cast<double>(environment::of(info.Env()).add(std::move(held))));
}

Napi::Value stats(const Napi::CallbackInfo& info) {
  const auto totals = registry::instance().totals();
  auto facts = Napi::Object::New(info.Env());
  facts.Set("regions", Napi::Number::New(info.Env(), static_cast<double>(totals.regions)));
  facts.Set("bytes", Napi::Number::New(info.Env(), static_cast<double>(totals.bytes)));
  facts.Set("views", Napi::Number::New(info.Env(), static_cast<double>(live_views())));
  return facts;
}

}  // namespace

void export_regions(Napi::Env env, Napi::Object exports) {
  exports.Set("map", Napi::Function::New<map>(env, "map"));
  exports.Set("keep", Napi::Function::New<keep>(env, "keep"));
  exports.Set("release", Napi::Function::New<release>(env, "release"));
  exports.Set("renew", Napi::Function::New<renew>(env, "renew"));
  exports.Set("abandon", Napi::Function::New<abandon>(env, "abandon"));
  exports.Set("describe", Napi::Function::New<describe>(env, "describe"));
  exports.Set("path", Napi::Function::New<path>(env, "path"));
  exports.Set("id", Napi::Function::New<id>(env, "id"));
  exports.Set("newId", Napi::Function::New<new_id>(env, "newId"));
  exports.Set("attach", Napi::Function::New<attach>(env, "attach"));
  exports.Set("stats", Napi::Function::New<stats>(env, "stats"));
}

}  // namespace hugepages::binding
