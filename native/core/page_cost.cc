#include "core/page_cost.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

#include "core/clock.h"
#include "core/measuring_child.h"
#include "core/pinned_thread.h"
#include "core/uapi.h"

namespace hugepages {
namespace {

using clock = std::chrono::steady_clock;

double nanoseconds_since(clock::time_point begin) { return std::chrono::duration<double, std::nano>(clock::now() - begin).count(); }

// Of the child alone, which ends soon: without allocations, as between fork(2) and exec(2).
result<range> map_in_child(const page_cost_request& request) {
  const bool hugetlb = request.kind == backing_kind::hugetlb;
  unsigned flags = MAP_ANONYMOUS | MAP_PRIVATE;
  if (hugetlb) flags |= MAP_HUGETLB | static_cast<unsigned>(__builtin_ctzll(request.page_size)) << MAP_HUGE_SHIFT;
  // Transparent huge pages lie at multiples of their size.
  const size_t room = request.length + (hugetlb ? 0 : request.page_size);
  void* mapped = mmap(nullptr, room, PROT_READ | PROT_WRITE, static_cast<int>(flags), -1, 0);
  if (mapped == MAP_FAILED) return last_failure("mmap");
  const range part{round_up(reinterpret_cast<uintptr_t>(mapped), request.page_size), request.length};
  if (hugetlb) return part;
  const int advice = request.kind == backing_kind::thp ? MADV_HUGEPAGE : MADV_NOHUGEPAGE;
  // EINVAL of a kernel without transparent huge pages: base pages are what there is.
  if (madvise(part.pointer(), part.length, advice) != 0 && request.kind == backing_kind::thp) return last_failure("madvise(MADV_HUGEPAGE)");
  return part;
}

// What lies around an aligned part stays mapped, untouched, until the child ends.
void touch_pages(range part, size_t page_size) {
  for (uintptr_t page = part.start; page < part.end(); page += page_size) *static_cast<volatile char*>(range{page, 1}.pointer()) = 1;
}

// A transparent huge page that the kernel does not find is base pages, of which a touch brings one: much less work, and no error.
status check_whole(const page_cost_request& request, range part) {
  if (request.kind != backing_kind::thp) return done();
  const size_t last = request.page_size - base_page_size();
  for (uintptr_t page = part.start; page < part.end(); page += request.page_size) {
    unsigned char resident = 0;
    if (mincore(range{page + last, 1}.pointer(), base_page_size(), &resident) != 0) return last_failure("mincore");
    if ((resident & 1U) == 0) return failure{ENOMEM, "page fault"};
  }
  return done();
}

void read_pages(range part) {
  for (uintptr_t page = part.start; page < part.end(); page += base_page_size())
    (void)*static_cast<volatile char*>(range{page, 1}.pointer());
}

status time_faults(const page_cost_request& request, double* nanoseconds) {
  const double pages = static_cast<double>(request.length) / static_cast<double>(request.page_size);
  for (size_t round = 0; round < request.rounds; round++) {
    const auto part = map_in_child(request);
    if (!part.ok()) return part.error();
    const auto begin = clock::now();
    touch_pages(part.value(), request.page_size);
    nanoseconds[round] = nanoseconds_since(begin) / pages;
    if (const auto whole = check_whole(request, part.value()); !whole.ok()) return whole.error();
    if (munmap(part.value().pointer(), part.value().length) != 0) return last_failure("munmap");
  }
  return done();
}

status time_forks(const page_cost_request& request, double* nanoseconds) {
  if (request.length != 0) {
    const auto part = map_in_child(request);
    if (!part.ok()) return part.error();
    touch_pages(part.value(), request.page_size);
    if (const auto whole = check_whole(request, part.value()); !whole.ok()) return whole.error();
  }
  for (size_t round = 0; round < request.rounds; round++) {
    const auto begin = clock::now();
    const pid_t child = fork();
    if (child == 0) _exit(0);
    nanoseconds[round] = nanoseconds_since(begin);
    if (child < 0) return last_failure("fork");
    while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  return done();
}

status time_attaches(const attach_cost_request& request, double* nanoseconds) {
  for (size_t round = 0; round < request.rounds; round++) {
    const auto begin = clock::now();
    const auto mapped = request.object->map({0, request.length}, false, PROT_READ, MAP_SHARED);
    if (!mapped.ok()) return mapped.error();
    if (request.read) read_pages(mapped.value());
    nanoseconds[round] = nanoseconds_since(begin);
    if (munmap(mapped.value().pointer(), mapped.value().length) != 0) return last_failure("munmap");
  }
  return done();
}

template <class Request>
result<measured_sample> measure(const Request& request, status (*time)(const Request&, double*), const std::atomic<bool>& stop) {
  measured_sample sample;
  const pinned_thread pinned(request.cpu);  // a child runs where the thread does that forked it
  sample.pinning = pinned.error();
  const double clock_before = clock_step();
  auto found = in_child(
      request.rounds, [&request, time](double* figures) { return time(request, figures); }, stop);
  if (!found.ok()) return found.error();
  sample.nanoseconds = std::move(found.value());
  sample.clock = (clock_before + clock_step()) / 2;
  return sample;
}

}  // namespace

result<measured_sample> fault_cost(const page_cost_request& request, const std::atomic<bool>& stop) {
  return measure(request, time_faults, stop);
}

result<measured_sample> fork_cost(const page_cost_request& request, const std::atomic<bool>& stop) {
  return measure(request, time_forks, stop);
}

result<measured_sample> attach_cost(const attach_cost_request& request, const std::atomic<bool>& stop) {
  return measure(request, time_attaches, stop);
}

}  // namespace hugepages
