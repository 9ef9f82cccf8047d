#include "core/survival.h"

#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <climits>

#include "core/sigbus.h"
#include "core/substitute.h"

namespace hugepages {
namespace {

// Of one page.
constexpr uint8_t is_degraded = 1;
constexpr uint8_t write_protected = 2;

// Enough for 128 GiB of 2 MiB pages between two turns of an event loop, and memory only as far as it is used.
constexpr size_t log_size = 65'536;

// Changes whenever anything is degraded: a futex(2), and no descriptor that a child would inherit.
std::atomic<uint32_t> changes{0};
static_assert(sizeof changes == sizeof(uint32_t));

}  // namespace

result<std::unique_ptr<survival>> survival::begin(const survival_request& request) {
  const size_t pages = request.part.length / request.page_size;
  auto states_of_pages = states::create(pages);
  if (!states_of_pages.ok()) return states_of_pages.error();
  auto log = offsets::create(log_size);
  if (!log.ok()) return log.error();
  const auto responding = respond_to_sigbus(survive);
  if (!responding.ok()) return responding.error();
  std::unique_ptr<survival> made(new survival(request, std::move(states_of_pages.value()), std::move(log.value())));
  made->entry_ = &fault_range::add(request.part, *made);
  return made;
}

result<std::unique_ptr<survival>> survival::begin(const mapping& memory) {
  const bool inherit_on_fork = memory.request().inherit_on_fork;
  survival_request request{memory.usable(), memory.page_size(), memory.shared(), inherit_on_fork, memory.writable(), -1};
  if (memory.kind() != backing_kind::hugetlb) {
    request.page_size = base_page_size();
    request.ends_with = memory.object() ? memory.object()->descriptor() : -1;
    if (request.ends_with < 0) return std::unique_ptr<survival>();
  }
  return begin(request);
}

survival::survival(const survival_request& request, states pages, offsets log)
    : request_(request), process_(getpid()), pages_(std::move(pages)), log_(std::move(log)) {}

bool survive(const siginfo_t& info) {
  return info.si_code == BUS_ADRERR && fault_range::dispatch(reinterpret_cast<uintptr_t>(info.si_addr));
}

bool survival::handle(uintptr_t address) {
  const size_t index = (address - request_.part.start) / request_.page_size;
  // Base pages lie there by now, since this thread faulted. Should they fail as well, it is for other reasons, such as an error of swap.
  if (retired_ || (pages_[index] & is_degraded) != 0) return is_readable(address);
  // Another thread may have been here first, and a page may have come free.
  if (is_write_protected(index) ? is_readable(address) : is_writable(address)) return true;
  return degrade(index, address);
}

bool survival::degrade(size_t index, uintptr_t address) {
  const size_t offset = index * request_.page_size;
  if (request_.ends_with >= 0 && !is_beyond_end(offset)) return false;
  const range page{request_.part.start + offset, request_.page_size};
  const substitute_request substitute{page, protection_of(index), request_.inherit_on_fork};
  // Readable, but not writable: it was inherited by fork(2), and there is no page for the copy that the write needs.
  if (is_readable(address)) {
    if (!substitute_copy(substitute)) return false;
  } else {
    // In a child nobody knows whether the page was empty. The parent takes pages back by unmapping them in the child, content and all.
    if (!request_.shared && getpid() != process_) return false;
    if (!substitute_zeros(substitute)) return false;
  }
  pages_[index] |= is_degraded;
  record(offset);
  return true;
}

bool survival::is_write_protected(size_t index) const { return !request_.writable || (pages_[index] & write_protected) != 0; }

int survival::protection_of(size_t index) const { return is_write_protected(index) ? PROT_READ : PROT_READ | PROT_WRITE; }

bool survival::is_beyond_end(size_t offset) const {
  struct stat file {};
  return fstat(request_.ends_with, &file) == 0 && offset >= static_cast<size_t>(file.st_size);
}

void survival::record(size_t offset) {
  log_[logged_ % log_.size()] = offset;
  logged_++;
  count_++;
  changes++;
  syscall(SYS_futex, &changes, FUTEX_WAKE_PRIVATE, INT_MAX);
}

degraded_pages survival::since(uint64_t& position) const {
  degraded_pages found;
  const uint64_t end = logged_;
  std::vector<size_t> read;
  const uint64_t begin = std::max(position, end - std::min<uint64_t>(end, log_.size()));
  for (uint64_t at = begin; at < end; at++) read.push_back(log_[at % log_.size()]);
  // Meanwhile the oldest may have been overwritten; the entry that is being written is not counted yet.
  const uint64_t now = logged_ + 1;
  const uint64_t valid = std::max(begin, now - std::min<uint64_t>(now, log_.size()));
  found.missed = std::min(valid, end) - position;
  found.offsets.assign(read.begin() + static_cast<ptrdiff_t>(std::min(valid, end) - begin), read.end());
  position = end;
  return found;
}

survival::stretch survival::first_of(range part) const {
  const auto degraded_at = [this](uintptr_t address) {
    return (pages_[(address - request_.part.start) / request_.page_size] & is_degraded) != 0;
  };
  const bool degraded = degraded_at(part.start);
  uintptr_t end = round_up(part.start + 1, request_.page_size);
  while (end < part.end() && degraded_at(end) == degraded) end += request_.page_size;
  return {{part.start, std::min(end, part.end()) - part.start}, degraded};
}

void survival::restore(range part, const renewal& renew) {
  entry_->exclusively([&] {
    for (uintptr_t start = part.start; start < part.end(); start += request_.page_size) {
      const size_t index = (start - request_.part.start) / request_.page_size;
      if ((pages_[index] & is_degraded) == 0) continue;
      const range page{start, request_.page_size};
      if (renew(page, protection_of(index)).ok()) {
        pages_[index] &= static_cast<uint8_t>(~is_degraded);
        count_--;
      } else {
        madvise(page.pointer(), page.length, MADV_DONTNEED);
      }
    }
  });
}

status survival::protect(range part, int protection) {
  status outcome = done();
  entry_->exclusively([&] {
    if (mprotect(part.pointer(), part.length, protection) != 0) {
      outcome = last_failure("mprotect");
      return;
    }
    for (uintptr_t page = part.start; page < part.end(); page += request_.page_size) {
      auto& state = pages_[(page - request_.part.start) / request_.page_size];
      if ((protection & PROT_WRITE) != 0) {
        state &= static_cast<uint8_t>(~write_protected);
      } else {
        state |= write_protected;
      }
    }
  });
  return outcome;
}

void survival::take_over(const survival& before) {
  const size_t count = std::min(pages_.size(), before.pages_.size());
  for (size_t index = 0; index < count; index++) {
    if ((before.pages_[index] & write_protected) != 0) pages_[index] |= write_protected;
  }
}

result<surviving_memory> let_survive(result<mapping> made, bool asked) {
  if (!made.ok()) return made.error();
  auto survives = asked ? survival::begin(made.value()) : std::unique_ptr<survival>();
  if (!survives.ok()) return survives.error();
  return surviving_memory{std::move(made.value()), std::move(survives.value())};
}

void await_degraded(uint32_t& seen) {
  while (changes == seen) syscall(SYS_futex, &changes, FUTEX_WAIT_PRIVATE, seen, nullptr, nullptr, 0);
  seen = changes;
}

}  // namespace hugepages
