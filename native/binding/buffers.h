// ArrayBuffers and SharedArrayBuffers over regions.
#pragma once

#include <cstddef>

namespace hugepages::binding {

// Buffers of the whole process whose finalizer has not run yet.
size_t live_views();

// Whether this Node.js has node_api_create_external_sharedarraybuffer: 22.23.3, 24.16, 26.1 and later.
bool has_shared_buffers();

}  // namespace hugepages::binding
