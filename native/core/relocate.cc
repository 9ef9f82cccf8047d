#include "core/relocate.h"

#include <fcntl.h>

#include "core/page_move.h"

namespace hugepages {
namespace {

// Before anything is changed: undoing it might be forbidden as well, and hugetlbfs lets mmap(2) make a file longer in spite of a seal.
status check_seals(const memory_object& object, int forbidding) {
  const auto seals = object.seals();
  return seals.ok() && (seals.value() & forbidding) != 0 ? failure{EPERM, "ftruncate"} : done();
}

result<mapping> prepared(result<mapping> made, const relocation& to) {
  if (!made.ok()) return made;
  const auto ready = to.prepare(made.value());
  if (!ready.ok()) return ready.error();
  return made;
}

result<mapping> grow_file(const map_request& request, const relocation& to, size_t before) {
  const auto& object = *request.object;
  if (const auto allowed = check_seals(object, F_SEAL_GROW); !allowed.ok()) return allowed.error();
  // Mapped first: that is where the pool refuses.
  auto made = prepared(mapping::create(request), to);
  const auto grown = made.ok() ? object.resize(request.length) : made.error();
  if (grown.ok()) return made;
  // hugetlbfs has made the file longer when it was mapped.
  const auto now = object.size();
  if (now.ok() && now.value() == request.length) (void)object.resize(before);
  return grown.error();
}

result<mapping> shrink_file(const mapping& from, const map_request& request, const relocation& to) {
  const auto& object = *request.object;
  if (const auto allowed = check_seals(object, F_SEAL_SHRINK); !allowed.ok()) return allowed.error();
  auto made = prepared(mapping::create(request), to);
  if (!made.ok()) return made;
  // What lies behind the end of a file is SIGBUS.
  from.cover();
  const auto shrunk = object.resize(request.length);
  if (shrunk.ok()) return made;
  if (const auto restored = from.uncover(); !restored.ok()) return restored.error();
  return shrunk.error();
}

result<mapping> map_again(const mapping& from, const map_request& request, const relocation& to) {
  const size_t before = from.usable().length;
  if (request.length == before) return prepared(mapping::create(request), to);
  const auto size = request.object->size();
  if (!size.ok()) return size.error();
  // Somebody else has resized it already.
  if (size.value() == request.length) return prepared(mapping::create(request), to);
  if (size.value() != before) return failure{ERANGE, "fstat"};
  // ftruncate(2) would refuse it too, when a longer mapping of hugetlbfs has reserved pages for the file, which then keeps them.
  if (!from.writable()) return failure{EACCES, "ftruncate"};
  return request.length < before ? shrink_file(from, request, to) : grow_file(request, to, before);
}

bool keeps_size(const map_request& request) { return request.shared || request.object != nullptr; }

}  // namespace

bool leaves_gap(const mapping& from) { return from.kind() == backing_kind::hugetlb && !(from.shared() && from.object() != nullptr); }

result<mapping> relocate(mapping& from, const relocation& to) {
  map_request request = from.request();
  const bool resizes = request.length != to.length;
  request.length = to.length;
  request.alignment = to.alignment;
  request.hint = to.hint;
  if (request.shared && request.object != nullptr) return map_again(from, request, to);
  if (resizes && keeps_size(request)) return failure{EOPNOTSUPP, "mremap"};
  auto place = prepared(mapping::reserve(request), to);
  if (!place.ok()) return place.error();
  const auto moved = move_pages(from, place.value());
  if (!moved.ok()) return moved.error();
  return place;
}

}  // namespace hugepages
