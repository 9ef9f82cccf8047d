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

// At its new addresses, while the old ones are still in use.
result<surviving_memory> map_there(const map_request& request, const relocation& to) {
  return let_survive(mapping::create(request), to.survives != nullptr);
}

result<surviving_memory> grow_file(const map_request& request, const relocation& to, size_t before) {
  const auto& object = *request.object;
  if (const auto allowed = check_seals(object, F_SEAL_GROW); !allowed.ok()) return allowed.error();
  // Mapped first: that is where the pool refuses.
  auto made = map_there(request, to);
  const auto grown = made.ok() ? object.resize(request.length) : made.error();
  if (grown.ok()) return made;
  // hugetlbfs has made the file longer when it was mapped.
  const auto now = object.size();
  if (now.ok() && now.value() == request.length) (void)object.resize(before);
  return grown.error();
}

result<surviving_memory> shrink_file(const mapping& from, const map_request& request, const relocation& to) {
  const auto& object = *request.object;
  if (const auto allowed = check_seals(object, F_SEAL_SHRINK); !allowed.ok()) return allowed.error();
  auto made = map_there(request, to);
  if (!made.ok()) return made;
  // What lies behind the end of a file is SIGBUS.
  from.cover();
  const auto shrunk = object.resize(request.length);
  if (shrunk.ok()) return made;
  if (const auto restored = from.uncover(); !restored.ok()) return restored.error();
  return shrunk.error();
}

result<surviving_memory> map_again(const mapping& from, const map_request& request, const relocation& to) {
  const size_t before = from.usable().length;
  if (request.length == before) return map_there(request, to);
  const auto size = request.object->size();
  if (!size.ok()) return size.error();
  // Somebody else has resized it already.
  if (size.value() == request.length) return map_there(request, to);
  if (size.value() != before) return failure{ERANGE, "fstat"};
  // ftruncate(2) would refuse it too, when a longer mapping of hugetlbfs has reserved pages for the file, which then keeps them.
  if (!from.writable()) return failure{EACCES, "ftruncate"};
  return request.length < before ? shrink_file(from, request, to) : grow_file(request, to, before);
}

result<surviving_memory> move_there(mapping& from, const map_request& request, const relocation& to) {
  auto made = let_survive(mapping::reserve(request), to.survives != nullptr);
  if (!made.ok()) return made;
  if (const auto moved = move_pages(from, made.value().memory); !moved.ok()) return moved.error();
  if (to.survives != nullptr) made.value().survives->take_over(*to.survives);
  return made;
}

bool keeps_size(const map_request& request) { return request.shared || request.object != nullptr; }

}  // namespace

bool leaves_gap(const mapping& from) { return from.kind() == backing_kind::hugetlb && !(from.shared() && from.object() != nullptr); }

result<surviving_memory> relocate(mapping& from, const relocation& to) {
  map_request request = from.request();
  const bool resizes = request.length != to.length;
  request.length = to.length;
  request.alignment = to.alignment;
  request.hint = to.hint;
  if (request.shared && request.object != nullptr) return map_again(from, request, to);
  if (resizes && keeps_size(request)) return failure{EOPNOTSUPP, "mremap"};
  return move_there(from, request, to);
}

}  // namespace hugepages
