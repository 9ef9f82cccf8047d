// pageEntries, pageEntriesSync, frameValues, frameValuesSync
#include "core/frame_file.h"

#include <climits>

#include "binding/exports.h"
#include "binding/inquiry.h"
#include "core/page_entry.h"

namespace hugepages::binding {
namespace {

using words = std::vector<uint64_t>;

constexpr uint64_t frame_limit = uint64_t{1} << 52U;
constexpr size_t most_pages = size_t{1} << 26U;

// lib/native/frames.ts: PageEntries
Napi::Value describe_entries(Napi::Env env, const words& entries) {
  auto states = Napi::Uint8Array::New(env, entries.size());
  auto frames = Napi::Float64Array::New(env, entries.size());
  for (size_t i = 0; i < entries.size(); i++) {
    const page_entry entry(entries[i]);
    states[i] = entry.state();
    frames[i] = static_cast<double>(entry.frame());
  }
  auto described = Napi::Object::New(env);
  described.Set("states", states);
  described.Set("frames", frames);
  return described;
}

Napi::Value describe_values(Napi::Env env, const words& values) {
  auto array = Napi::BigUint64Array::New(env, values.size());
  std::copy(values.begin(), values.end(), array.Data());
  return array;
}

std::vector<range> ranges_argument(arguments& call, size_t page_size) {
  const auto bounds = call.big_integers("ranges", address_space);
  std::vector<range> ranges;
  size_t pages = 0;
  if (bounds.size() % 2 != 0) throw out_of_range(call.env(), "ranges.length", "even");
  for (size_t i = 0; i < bounds.size(); i += 2) {
    if (bounds[i] > bounds[i + 1]) throw out_of_range(call.env(), "ranges[]", "a start and an end behind it");
    const range part{bounds[i], bounds[i + 1] - bounds[i]};
    if (!is_multiple(part.start, page_size) || !is_multiple(part.length, page_size)) {
      throw out_of_range(call.env(), "ranges[]", "a multiple of " + std::to_string(page_size));
    }
    pages += part.length / page_size;
    if (pages > most_pages) throw out_of_range(call.env(), "ranges", "of " + std::to_string(most_pages) + " pages at most");
    ranges.push_back(part);
  }
  return ranges;
}

inquiry<words>::question entries_question(arguments& call) {
  const auto process = static_cast<pid_t>(call.integer("pid", 1, INT_MAX));
  const size_t page_size = call.power_of_two("pageSize");
  if (page_size < base_page_size()) throw out_of_range(call.env(), "pageSize", ">= " + std::to_string(base_page_size()));
  auto parts = ranges_argument(call, page_size);
  return
      [process, page_size, parts = std::move(parts)](const stop_flag& stop) { return read_page_entries(process, parts, page_size, stop); };
}

inquiry<words>::question frames_question(arguments& call) {
  const auto which = static_cast<frame_file>(call.integer("file", 0, 2));
  auto frames = call.whole_numbers("frames", frame_limit);
  return [which, frames = std::move(frames)](const stop_flag& stop) { return read_frames(which, frames, stop); };
}

Napi::Value page_entries(const Napi::CallbackInfo& info) {
  arguments call(info);
  auto ask = entries_question(call);
  return ask_in_background<words>(call, std::move(ask), describe_entries);
}

Napi::Value page_entries_sync(const Napi::CallbackInfo& info) {
  arguments call(info);
  return ask_at_once<words>(call, entries_question(call), describe_entries);
}

Napi::Value frame_values(const Napi::CallbackInfo& info) {
  arguments call(info);
  auto ask = frames_question(call);
  return ask_in_background<words>(call, std::move(ask), describe_values);
}

Napi::Value frame_values_sync(const Napi::CallbackInfo& info) {
  arguments call(info);
  return ask_at_once<words>(call, frames_question(call), describe_values);
}

}  // namespace

void export_frames(Napi::Env env, Napi::Object exports) {
  exports.Set("pageEntries", Napi::Function::New<page_entries>(env, "pageEntries"));
  exports.Set("pageEntriesSync", Napi::Function::New<page_entries_sync>(env, "pageEntriesSync"));
  exports.Set("frameValues", Napi::Function::New<frame_values>(env, "frameValues"));
  exports.Set("frameValuesSync", Napi::Function::New<frame_values_sync>(env, "frameValuesSync"));
}

}  // namespace hugepages::binding
