#include "core/clear.h"

#include <algorithm>
#include <cstring>
#include <shared_mutex>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "core/touch.h"

namespace hugepages {
namespace {

constexpr size_t cache_line = 64;

#ifdef __SSE2__
// Part of every x86-64. Wider stores are no faster: a line leaves the processor as one, however it was put together.
void stream_zeros(range lines) {
  const __m128i zero = _mm_setzero_si128();
  auto* const begin = static_cast<__m128i*>(lines.pointer());
  auto* const end = begin + lines.length / sizeof(__m128i);
  for (auto* at = begin; at != end; at += cache_line / sizeof(__m128i)) {
    for (size_t i = 0; i < cache_line / sizeof(__m128i); i++) _mm_stream_si128(at + i, zero);
  }
  _mm_sfence();  // before anybody is told
}
#else
void stream_zeros(range lines) { memset(lines.pointer(), 0, lines.length); }
#endif

// Several threads share a gigantic page.
size_t unit_of(const region& target) { return std::min(target.page_size(), size_t{2} << 20U); }

}  // namespace

void store_zeros(range part) {
  const uintptr_t first_line = std::min(round_up(part.start, cache_line), part.end());
  const uintptr_t last_line = std::max(round_down(part.end(), cache_line), first_line);
  memset(part.pointer(), 0, first_line - part.start);
  stream_zeros({first_line, last_line - first_line});
  memset(range{last_line, 0}.pointer(), 0, part.end() - last_line);
}

std::shared_ptr<clear_job> clear_job::create(const std::shared_ptr<region>& target, const range_request& request) {
  auto keep = work::begin(target);
  if (!keep) return nullptr;
  return std::make_shared<clear_job>(*target, std::move(keep), request);
}

clear_job::clear_job(region& target, std::unique_ptr<work> keep, const range_request& request)
    : range_job(std::move(keep), request, unit_of(target), round_down(request.part.start, unit_of(target))),
      target_(target),
      // What a private mapping does not have is as the file is. And without MADV_POPULATE_WRITE a page that is there and read-only gives
      // the error of a hole.
      holes_read_as_zeros_(has_populate_write() && (target.shared() || target.object() == nullptr)) {}

status clear_job::act(range chunk) {
  const auto cleared = clear(chunk);
  if (cleared.ok() || cleared.error().error != EFAULT || !holes_read_as_zeros_) return cleared;
  const size_t page_size = target_.page_size();
  for (range rest = chunk; rest.length != 0;) {
    const range part{rest.start, std::min(round_down(rest.start, page_size) + page_size, rest.end()) - rest.start};
    const auto page = clear(part);
    if (!page.ok() && page.error().error != EFAULT) return page;
    if (!page.ok()) holes_ += part.length;
    rest = {part.end(), rest.length - part.length};
  }
  return done();
}

status clear_job::clear(range part) {
  const size_t page_size = target_.page_size();
  const uintptr_t first_page = round_down(part.start, page_size);
  const range pages{first_page, round_up(part.end(), page_size) - first_page};
  // A gigantic page may take seconds, which nobody shall wait for the lock: first without it.
  if (page_size > unit_of(target_)) {
    const auto populated = populate(pages, page_size);
    if (!populated.ok()) return populated;
  }
  const std::shared_lock lock(target_.pages());
  const auto present = populate(pages, page_size);
  if (present.ok()) store_zeros(part);
  return present;
}

}  // namespace hugepages
