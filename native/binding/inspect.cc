// probe, residency, pagemap
#include <climits>

#include "binding/exports.h"
#include "binding/inquiry.h"
#include "core/page_nodes.h"
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

using runs = std::vector<page_run>;

template <class Array, class Field>
Array column(Napi::Env env, const runs& of, Field field) {
  auto values = Array::New(env, of.size());
  for (size_t i = 0; i < of.size(); i++) values[i] = field(of[i]);
  return values;
}

// lib/native/pages.ts: PageRuns
Napi::Object describe_runs(Napi::Env env, const runs& of, uintptr_t origin) {
  auto columns = Napi::Object::New(env);
  const auto number = [](uint64_t value) { return static_cast<double>(value); };
  columns.Set("offsets", column<Napi::Float64Array>(env, of, [&](const page_run& run) { return number(run.extent.start - origin); }));
  columns.Set("lengths", column<Napi::Float64Array>(env, of, [&](const page_run& run) { return number(run.extent.length); }));
  columns.Set("pageSizes", column<Napi::Float64Array>(env, of, [&](const page_run& run) { return number(run.page_size); }));
  columns.Set("frames", column<Napi::Float64Array>(env, of, [&](const page_run& run) { return number(run.frame); }));
  columns.Set("states", column<Napi::Uint8Array>(env, of, [](const page_run& run) { return run.state; }));
  columns.Set("nodes", column<Napi::Int32Array>(env, of, [](const page_run& run) { return run.node; }));
  return columns;
}

// Where pages were degraded the mapping is one of base pages.
std::vector<mapped_pages> parts_of(const region& target, range part) {
  const auto* survives = target.survives();
  if (survives == nullptr || survives->count() == 0) return {{part, target.mapping_page_size()}};
  std::vector<mapped_pages> parts;
  while (part.length != 0) {
    const auto [extent, degraded] = survives->first_of(part);
    parts.push_back({extent, degraded ? base_page_size() : target.mapping_page_size()});
    part = {extent.end(), part.length - extent.length};
  }
  return parts;
}

Napi::Value residency(const Napi::CallbackInfo& info) {
  arguments call(info);
  const auto& target = *environment::of(info.Env()).get(call).held->target();
  pagemap_request request;
  request.parts = parts_of(target, range_argument(call, target, base_page_size()));
  const auto pagemap = value_or_throw(info.Env(), pagemap_file::open(0));
  const auto found = value_or_throw(info.Env(), read_pagemap(pagemap, request, never_stops));
  return describe_runs(info.Env(), value_or_throw(info.Env(), with_nodes(0, found, never_stops)), target.usable().start);
}

// All of it of the memory that the process has at first.
result<runs> read_process(pid_t process, range part, pagemap_request request, const stop_flag& stop) {
  const auto pagemap = pagemap_file::open(process);
  if (!pagemap.ok()) return pagemap.error();
  auto mapped = mapped_within(process, part);
  if (!mapped.ok()) return mapped.error();
  request.parts = std::move(mapped.value());
  const auto found = read_pagemap(pagemap.value(), request, stop);
  if (!found.ok()) return found.error();
  auto placed = with_nodes(process, found.value(), stop);
  const auto alive = pagemap.value().check_alive();
  if (!alive.ok()) return alive.error();
  return placed;
}

Napi::Value describe_process(Napi::Env env, const runs& of) { return describe_runs(env, of, 0); }

Napi::Value pagemap(const Napi::CallbackInfo& info) {
  arguments call(info);
  const auto process = static_cast<pid_t>(call.integer("pid", 1, INT_MAX));
  const auto bounds = call.big_integers("range", address_space);
  if (bounds.size() != 2 || bounds[0] > bounds[1]) throw out_of_range(info.Env(), "range", "a start and an end behind it");
  const range part{bounds[0], bounds[1] - bounds[0]};
  if (!is_multiple(part.start, base_page_size()) || !is_multiple(part.length, base_page_size())) {
    throw out_of_range(info.Env(), "range[]", "a multiple of " + std::to_string(base_page_size()));
  }
  pagemap_request request;
  request.frames = call.boolean("frames");
  request.engine = static_cast<pagemap_engine>(call.integer("engine", 0, 2));
  auto ask = [process, part, request](const stop_flag& stop) { return read_process(process, part, request, stop); };
  return ask_in_background<runs>(call, std::move(ask), describe_process);
}

}  // namespace

void export_inspect(Napi::Env env, Napi::Object exports) {
  exports.Set("probe", Napi::Function::New<probe>(env, "probe"));
  exports.Set("residency", Napi::Function::New<residency>(env, "residency"));
  exports.Set("pagemap", Napi::Function::New<pagemap>(env, "pagemap"));
}

}  // namespace hugepages::binding
