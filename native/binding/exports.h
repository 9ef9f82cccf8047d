// One function per file of this folder, each adding its functions to the addon.
#pragma once

#include <napi.h>

namespace hugepages::binding {

void export_regions(Napi::Env env, Napi::Object exports);
void export_buffers(Napi::Env env, Napi::Object exports);
void export_populate(Napi::Env env, Napi::Object exports);
void export_jobs(Napi::Env env, Napi::Object exports);
void export_futex(Napi::Env env, Napi::Object exports);
void export_clear(Napi::Env env, Napi::Object exports);
void export_transfer(Napi::Env env, Napi::Object exports);
void export_inspect(Napi::Env env, Napi::Object exports);
void export_tracking(Napi::Env env, Napi::Object exports);
void export_frames(Napi::Env env, Napi::Object exports);
void export_relocate(Napi::Env env, Napi::Object exports);
void export_seals(Napi::Env env, Napi::Object exports);
void export_advice(Napi::Env env, Napi::Object exports);
void export_discard(Napi::Env env, Napi::Object exports);
void export_measure(Napi::Env env, Napi::Object exports);
void export_mounts(Napi::Env env, Napi::Object exports);
void export_policy(Napi::Env env, Napi::Object exports);
void export_survival(Napi::Env env, Napi::Object exports);
void export_sharing(Napi::Env env, Napi::Object exports);
void export_system(Napi::Env env, Napi::Object exports);

}  // namespace hugepages::binding
