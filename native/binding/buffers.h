// ArrayBuffers and SharedArrayBuffers over regions.
#pragma once

#include <node_api.h>

#include <cstddef>

namespace hugepages::binding {

// Whether the environment is torn down or its thread is to end: JavaScript cannot run any more.
bool is_ending(napi_env env);

// Buffers of the whole process whose finalizer has not run yet.
size_t live_views();

// Whether this Node.js has node_api_create_external_sharedarraybuffer: 22.23.3, 24.16, 26.1 and later.
bool has_shared_buffers();

}  // namespace hugepages::binding
