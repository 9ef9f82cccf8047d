// What Electron's Node-API does, for ld.so(8) as LD_AUDIT: the addon that asks for an ArrayBuffer over its own memory is refused.
// napi_create_external_arraybuffer is bound to the function below instead of Node's; everything else is untouched.
#define _GNU_SOURCE
#include <link.h>
#include <stdint.h>
#include <string.h>

// napi_status of node_api's js_native_api_types.h.
enum { napi_no_external_buffers_allowed = 22 };

static int refuse(void) { return napi_no_external_buffers_allowed; }

unsigned int la_version(unsigned int version) { return version; }

unsigned int la_objopen(struct link_map *map, Lmid_t lmid, uintptr_t *cookie) {
  (void)map, (void)lmid, (void)cookie;
  return LA_FLG_BINDTO | LA_FLG_BINDFROM;
}

uintptr_t la_symbind64(Elf64_Sym *symbol, unsigned int index, uintptr_t *from, uintptr_t *to, unsigned int *flags, const char *name) {
  (void)index, (void)from, (void)to, (void)flags;
  return strcmp(name, "napi_create_external_arraybuffer") == 0 ? (uintptr_t)refuse : symbol->st_value;
}
