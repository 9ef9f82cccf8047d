#include "core/access.h"

#include <doctest/doctest.h>
#include <sys/mman.h>

#include <algorithm>

#include "support/memory.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

constexpr size_t page = 4096;

// A mapping between two pages that nobody may touch.
mapping guarded(size_t pages) {
  auto request = request_for(backing_kind::base, pages);
  request.guard = true;
  auto memory = map(request);
  touch(memory.usable(), page, 0);
  return memory;
}

uint32_t* words_of(range part) { return static_cast<uint32_t*>(part.pointer()); }

}  // namespace

TEST_CASE("access: a chase comes by every line once in each lap") {
  const auto memory = guarded(64);
  const line_set lines(page, 64);
  REQUIRE(lay_cycle(memory.usable(), lines, 3).ok());
  uint32_t at = 0;
  for (size_t step = 1; step <= 3 * lines.count(); step++) {
    CHECK(follow(memory.usable(), at, 1));
    REQUIRE((at == 0) == (step % lines.count() == 0));
  }
  CHECK(follow(memory.usable(), at, 5 * lines.count()));
  CHECK(at == 0);
}

TEST_CASE("access: a chase ends where the memory leads out of it") {
  const auto memory = guarded(1);
  const auto words = static_cast<uint32_t>(page / sizeof(uint32_t));
  for (const uint32_t outside : {words, words + 1, 0x80000000U, 0xffffffffU}) {
    words_of(memory.usable())[0] = 17;
    words_of(memory.usable())[17] = outside;
    uint32_t at = 0;
    CHECK_FALSE(follow(memory.usable(), at, 100));
    CHECK_FALSE(follow(memory.usable(), at, 100));
  }
  // The last word is inside.
  words_of(memory.usable())[17] = words - 1;
  words_of(memory.usable())[words - 1] = 0;
  uint32_t at = 0;
  CHECK(follow(memory.usable(), at, 100));
}

TEST_CASE("access: random stores go to the lines and nowhere else, and find each") {
  const auto memory = guarded(16);
  const line_set lines(page, 16);
  const size_t words = memory.usable().length / sizeof(uint32_t);
  std::fill_n(words_of(memory.usable()), words, 1U);
  draw random(5);
  scatter(memory.usable(), lines, random, 1000);
  gather(memory.usable(), lines, random, 1000);
  for (size_t i = 0; i < lines.count(); i++) CHECK(words_of(memory.usable())[lines.offset(i) / sizeof(uint32_t)] == 0);
  CHECK(std::count(words_of(memory.usable()), words_of(memory.usable()) + words, 0U) == static_cast<long>(lines.count()));
}

TEST_CASE("access: random loads stay within the lines, whatever those hold") {
  const auto memory = guarded(3);
  const line_set lines(page, 3);
  draw random(5);
  for (const unsigned char content : {0, 1, 0x80, 0xff}) {
    touch(memory.usable(), 1, content);
    wander(memory.usable(), lines, random, 1000);
    gather(memory.usable(), lines, random, 1000);
  }
  CHECK(holds(memory.usable(), 1, 0xff));
}

TEST_CASE("access: reading and writing through a part is that part") {
  const auto memory = guarded(2);
  const range whole = memory.usable();
  touch(whole, 1, 7);
  const range part{whole.start + line_bytes, 3 * line_bytes};
  read_through(whole);
  write_through(part);
  for (size_t i = 0; i < whole.length; i++) {
    const bool inside = i >= line_bytes && i < 4 * line_bytes;
    REQUIRE(byte_at(whole, i) == (inside ? 0 : 7));
  }
  write_through(whole);
  CHECK(holds(whole, 1, 0));
}
