// Huge pages of libhugetlbfs, of the default pool. What its commands are: answers.h.
//
//   take PAGE_SIZE BYTES    get_huge_pages(), and a store into each: it maps them and no more
//   give                    free_huge_pages()
//   cycle PAGE_SIZE COUNT   both of one page, which nobody touches, COUNT times
#include <cerrno>
#include <cstddef>

#include "answers.h"

// A header of C, which takes size_t for granted.
extern "C" {
#include <hugetlbfs.h>
}

namespace {

char* held = nullptr;

char* get(size_t bytes) {
  void* pages = get_huge_pages(bytes, GHP_DEFAULT);
  if (pages == nullptr) throw failed_call{"get_huge_pages", errno};
  return static_cast<char*>(pages);
}

int64_t take(std::istream& arguments) {
  size_t page_size = 0;
  size_t bytes = 0;
  arguments >> page_size >> bytes;
  const auto begin = clock_type::now();
  held = get(bytes);
  for (size_t offset = 0; offset < bytes; offset += page_size) static_cast<volatile char*>(held)[offset] = 0;
  return nanoseconds_since(begin);
}

int64_t give() {
  const auto begin = clock_type::now();
  free_huge_pages(held);
  return nanoseconds_since(begin);
}

int64_t cycle(std::istream& arguments) {
  size_t page_size = 0;
  size_t count = 0;
  arguments >> page_size >> count;
  const auto begin = clock_type::now();
  for (size_t done = 0; done < count; done++) free_huge_pages(get(page_size));
  return nanoseconds_since(begin);
}

int64_t answer(const std::string& command, std::istream& arguments) {
  if (command == "take") return take(arguments);
  return command == "give" ? give() : cycle(arguments);
}

}  // namespace

int main() { answer_lines(answer); }
