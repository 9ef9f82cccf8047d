// What one process says of a region that it shares, and how another finds that out to be true before it maps anything.
#pragma once

#include <array>
#include <memory>

#include "core/file.h"
#include "core/mapping.h"
#include "core/survival.h"

namespace hugepages {

class region;

// Bytes that go from one process to another as they are.
struct object_claim {
  uint64_t length = 0;     // bytes of the object
  uint64_t page_size = 0;  // of the backing
  uint32_t kind = 0;       // a backing_kind
  uint32_t source = 0;     // a source_kind, never anonymous
  uint32_t seals = 0;      // F_SEAL_*: it has at least these
  int32_t segment = -1;    // where it is one
  // Zero-terminated. Of a memfd: its inode and the random part of its name. Of a file: device and inode. Of a segment: who made it, and
  // when.
  std::array<char, 80> identity{};
};

// What may be said of a region's object. ENODEV: it has none, or maps it MAP_PRIVATE, and what it holds is in no object.
result<object_claim> claim_of(const region& shared);

// Whether it is of a System V segment, which has no descriptor.
bool is_segment(const object_claim& claim);

// Whether the fields are such as claim_of() makes.
bool is_sane(const object_claim& claim);

// A file descriptor of another process, through /proc.
result<file> open_of_process(int pid, int number, bool writable);

// A file by its name.
result<file> open_by_path(const char* path, bool writable);

// Whether an object is what is claimed; the descriptor of a segment is none. What it is instead: EINVAL of fstatfs, on other pages; ERANGE
// of fstat or shmctl, of another size; ENOENT of fstat or shmctl, another one; EPERM of fcntl(F_GET_SEALS), a seal is missing.
status check_claim(const object_claim& claim, int descriptor);

// How an object is mapped here, whatever others do with it.
struct claim_use {
  bool writable = true;
  bool degrade = false;  // survives without its pages
};

// Maps one that was checked.
result<surviving_memory> map_claim(const object_claim& claim, file descriptor, claim_use use);

}  // namespace hugepages
