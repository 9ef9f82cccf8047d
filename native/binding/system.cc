// processId, features, allowedCpus, basePageSize, segmentPageSize, segmentPageSizeIn, readInIpcNamespace
#include "binding/arguments.h"
#include "binding/buffers.h"
#include "binding/errors.h"
#include "binding/exports.h"
#include "core/cpus.h"
#include "core/ipc_namespace.h"
#include "core/page_scan.h"
#include "core/pagemap.h"
#include "core/procmap.h"
#include "core/region.h"
#include "core/segment.h"
#include "core/touch.h"

namespace hugepages::binding {
namespace {

Napi::Value process_id(const Napi::CallbackInfo& info) { return Napi::String::New(info.Env(), process_identity()); }

Napi::Value features(const Napi::CallbackInfo& info) {
  auto facts = Napi::Object::New(info.Env());
  facts.Set("populateWrite", Napi::Boolean::New(info.Env(), has_populate_write()));
  facts.Set("pagemapScan", Napi::Boolean::New(info.Env(), has_page_scan()));
  facts.Set("frameNumbers", Napi::Boolean::New(info.Env(), shows_frames()));
  facts.Set("softDirty", Napi::Boolean::New(info.Env(), has_soft_dirty()));
  facts.Set("procmapQuery", Napi::Boolean::New(info.Env(), has_procmap_query()));
  facts.Set("sharedArrayBuffer", Napi::Boolean::New(info.Env(), has_shared_buffers()));
  return facts;
}

Napi::Value allowed_cpu_list(const Napi::CallbackInfo& info) {
  const auto cpus = allowed_cpus();
  auto list = Napi::Array::New(info.Env(), cpus.size());
  for (uint32_t i = 0; i < cpus.size(); i++) list.Set(i, Napi::Number::New(info.Env(), cpus[i]));
  return list;
}

Napi::Value page_size(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), static_cast<double>(base_page_size())); }

Napi::Value page_size_of_segment(const Napi::CallbackInfo& info) {
  arguments call(info);
  const auto id = static_cast<int>(call.integer("id", 0, INT32_MAX));
  return Napi::Number::New(info.Env(), static_cast<double>(value_or_throw(info.Env(), segment_page_size(id))));
}

Napi::Value page_size_in(const Napi::CallbackInfo& info) {
  arguments call(info);
  const auto descriptor = static_cast<int>(call.integer("descriptor", 0, INT32_MAX));
  const auto id = static_cast<int>(call.integer("id", 0, INT32_MAX));
  return Napi::Number::New(info.Env(), static_cast<double>(value_or_throw(info.Env(), segment_page_size_in(descriptor, id))));
}

Napi::Value read_in(const Napi::CallbackInfo& info) {
  arguments call(info);
  const auto descriptor = static_cast<int>(call.integer("descriptor", 0, INT32_MAX));
  const auto path = call.string("path");
  return Napi::String::New(info.Env(), value_or_throw(info.Env(), read_in_ipc_namespace(descriptor, path.c_str())));
}

}  // namespace

void export_system(Napi::Env env, Napi::Object exports) {
  exports.Set("processId", Napi::Function::New<process_id>(env, "processId"));
  exports.Set("features", Napi::Function::New<features>(env, "features"));
  exports.Set("allowedCpus", Napi::Function::New<allowed_cpu_list>(env, "allowedCpus"));
  exports.Set("basePageSize", Napi::Function::New<page_size>(env, "basePageSize"));
  exports.Set("segmentPageSize", Napi::Function::New<page_size_of_segment>(env, "segmentPageSize"));
  exports.Set("segmentPageSizeIn", Napi::Function::New<page_size_in>(env, "segmentPageSizeIn"));
  exports.Set("readInIpcNamespace", Napi::Function::New<read_in>(env, "readInIpcNamespace"));
}

}  // namespace hugepages::binding
