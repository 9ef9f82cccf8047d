#include "core/access.h"

namespace hugepages {
namespace {

// Has the compiler believe that a value is used, for which it has to be computed.
template <class T>
void use(T value) {
  asm volatile("" : : "r"(value));
}

// One load, which the compiler neither merges with others nor leaves out, and which may race.
uint32_t load(const uint32_t* word) { return __atomic_load_n(word, __ATOMIC_RELAXED); }

}  // namespace

bool follow(range part, uint32_t& at, size_t steps) {
  const auto* const words = static_cast<const uint32_t*>(part.pointer());
  const size_t end = part.length / sizeof(uint32_t);
  uint32_t next = at;
  // A branch, which is predicted: the address of a load does not wait for the check of it.
  for (; steps != 0 && next < end; steps--) next = load(words + next);
  at = next;
  return next < end;
}

void wander(range part, const line_set& lines, draw& random, size_t steps) {
  const auto* const words = static_cast<const uint32_t*>(part.pointer());
  uint32_t word = 0;
  for (; steps != 0; steps--) {
    const uint32_t number = random.next() + word;
    word = load(words + lines.offset((uint64_t{number} * lines.count()) >> 32U) / sizeof(uint32_t));
  }
  use(word);
}

void gather(range part, const line_set& lines, draw& random, size_t steps) {
  const auto* const words = static_cast<const uint32_t*>(part.pointer());
  const auto count = static_cast<uint32_t>(lines.count());
  uint32_t sum = 0;
  for (; steps != 0; steps--) sum += load(words + lines.offset(random.below(count)) / sizeof(uint32_t));
  use(sum);
}

void scatter(range part, const line_set& lines, draw& random, size_t steps) {
  auto* const words = static_cast<uint32_t*>(part.pointer());
  const auto count = static_cast<uint32_t>(lines.count());
  for (; steps != 0; steps--) __atomic_store_n(words + lines.offset(random.below(count)) / sizeof(uint32_t), 0U, __ATOMIC_RELAXED);
}

void read_through(range part) {
  const auto* const words = static_cast<const uint64_t*>(part.pointer());
  const size_t count = part.length / sizeof(uint64_t);
  uint64_t even = 0;
  uint64_t odd = 0;
  for (size_t i = 0; i + 1 < count; i += 2) {
    even += __atomic_load_n(words + i, __ATOMIC_RELAXED);
    odd += __atomic_load_n(words + i + 1, __ATOMIC_RELAXED);
  }
  use(even + odd);
}

void write_through(range part) {
  auto* const words = static_cast<uint64_t*>(part.pointer());
  for (size_t i = 0; i < part.length / sizeof(uint64_t); i++) __atomic_store_n(words + i, uint64_t{0}, __ATOMIC_RELAXED);
}

}  // namespace hugepages
