// probe, pagemap
#include "binding/environment.h"
#include "binding/errors.h"
#include "binding/exports.h"
#include "core/pagemap.h"
#include "core/probe.h"

namespace hugepages::binding {
namespace {

Napi::Number bytes(Napi::Env env, size_t value) { return Napi::Number::New(env, static_cast<double>(value)); }

Napi::Value probe(const Napi::CallbackInfo& info) {
  arguments call(info);
  const auto& target = *environment::of(info.Env()).get(call).held->target();
  auto found = value_or_throw(info.Env(), probe_backing(target.usable()));
  // What was asked is the first page, which may be the one that was degraded.
  const auto* survives = target.survives();
  const bool degraded = survives != nullptr && survives->count() > 0;
  if (degraded && survives->count() < target.usable().length / survives->page_size()) found.mapping_page_size = target.mapping_page_size();
  auto facts = Napi::Object::New(info.Env());
  facts.Set("mappingPageSize", bytes(info.Env(), found.mapping_page_size));
  facts.Set("presentBytes", bytes(info.Env(), found.present));
  facts.Set("hugeBytes", bytes(info.Env(), found.huge));
  facts.Set("thpEligible", Napi::Boolean::New(info.Env(), found.thp_eligible));
  return facts;
}

Napi::Object describe_run(Napi::Env env, const page_run& run, uintptr_t origin) {
  auto facts = Napi::Object::New(env);
  facts.Set("offset", bytes(env, run.extent.start - origin));
  facts.Set("length", bytes(env, run.extent.length));
  facts.Set("pageSize", bytes(env, run.page_size));
  facts.Set("present", Napi::Boolean::New(env, run.present));
  facts.Set("swapped", Napi::Boolean::New(env, run.swapped));
  facts.Set("softDirty", Napi::Boolean::New(env, run.soft_dirty));
  facts.Set("file", Napi::Boolean::New(env, run.file));
  facts.Set("exclusive", Napi::Boolean::New(env, run.exclusive));
  if (run.frame) facts.Set("pfn", Napi::BigInt::New(env, *run.frame));
  return facts;
}

// Where pages were degraded the mapping is one of base pages.
result<std::vector<page_run>> read_pages(const region& target, range part) {
  const auto* survives = target.survives();
  if (survives == nullptr || survives->count() == 0) return read_pagemap(part, target.mapping_page_size());
  std::vector<page_run> runs;
  while (part.length != 0) {
    const auto [extent, degraded] = survives->first_of(part);
    const auto found = read_pagemap(extent, degraded ? base_page_size() : target.mapping_page_size());
    if (!found.ok()) return found.error();
    runs.insert(runs.end(), found.value().begin(), found.value().end());
    part = {extent.end(), part.length - extent.length};
  }
  return runs;
}

Napi::Value pagemap(const Napi::CallbackInfo& info) {
  arguments call(info);
  const auto& target = *environment::of(info.Env()).get(call).held->target();
  const range part = range_argument(call, target, base_page_size());
  const auto runs = value_or_throw(info.Env(), read_pages(target, part));
  auto list = Napi::Array::New(info.Env(), runs.size());
  for (uint32_t i = 0; i < runs.size(); i++) {
    const Napi::HandleScope scope(info.Env());
    list.Set(i, describe_run(info.Env(), runs[i], target.usable().start));
  }
  return list;
}

}  // namespace

void export_inspect(Napi::Env env, Napi::Object exports) {
  exports.Set("probe", Napi::Function::New<probe>(env, "probe"));
  exports.Set("pagemap", Napi::Function::New<pagemap>(env, "pagemap"));
}

}  // namespace hugepages::binding
