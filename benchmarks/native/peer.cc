// The bare peer of the benchmarks: the same work in plain C++, without this library. What its commands are: answers.h.
//
//   populate KIND PAGE_SIZE BYTES THREADS   KIND is hugetlb, thp or base. Counts from the making of the threads to the end of the last:
//                                           each populates its slice with one madvise(MADV_POPULATE_WRITE).
//   cycle PAGE_SIZE COUNT                   mmap and munmap of one hugetlb page, COUNT times.
//   pingpong COUNT                          two processes answer each other COUNT times, each through a futex of a shared page.
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <string>
#include <thread>
#include <vector>

#include "answers.h"

namespace {

// Headers of older systems lack it.
constexpr int populate_write = 23;
constexpr int huge_shift = 26;

char* map(size_t length, int flags) {
  void* pointer = mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
  if (pointer == MAP_FAILED) throw failed_call{"mmap", errno};
  return static_cast<char*>(pointer);
}

int hugetlb_flags(size_t page_size) { return MAP_HUGETLB | (__builtin_ctzll(page_size) << huge_shift); }

class memory {
 public:
  memory(const std::string& kind, size_t page_size, size_t bytes) {
    if (kind == "hugetlb") {
      length_ = bytes;
      start_ = usable_ = map(length_, hugetlb_flags(page_size));
      return;
    }
    // Room to align in: transparent huge pages are aligned to their size.
    length_ = bytes + page_size;
    start_ = map(length_, 0);
    usable_ = start_ + (-reinterpret_cast<uintptr_t>(start_) & (page_size - 1));
    if (madvise(usable_, bytes, kind == "thp" ? MADV_HUGEPAGE : MADV_NOHUGEPAGE) != 0) throw failed_call{"madvise", errno};
  }
  memory(const memory&) = delete;
  memory& operator=(const memory&) = delete;
  ~memory() { munmap(start_, length_); }

  [[nodiscard]] char* usable() const { return usable_; }

 private:
  size_t length_;
  char* start_;
  char* usable_;
};

int64_t populate(std::istream& arguments) {
  std::string kind;
  size_t page_size = 0;
  size_t bytes = 0;
  size_t count = 0;
  arguments >> kind >> page_size >> bytes >> count;
  const memory mapped(kind, page_size, bytes);
  const size_t pages = bytes / page_size;
  std::atomic<int> error{0};
  std::vector<std::thread> threads;

  const auto begin = clock_type::now();
  for (size_t index = 0; index < count; index++) {
    const size_t from = pages * index / count * page_size;
    const size_t to = pages * (index + 1) / count * page_size;
    threads.emplace_back([&error, part = mapped.usable() + from, length = to - from] {
      if (madvise(part, length, populate_write) != 0) error = errno;
    });
  }
  for (auto& thread : threads) thread.join();
  const int64_t took = nanoseconds_since(begin);

  if (error != 0) throw failed_call{"madvise(MADV_POPULATE_WRITE)", error};
  return took;
}

int64_t cycle(std::istream& arguments) {
  size_t page_size = 0;
  size_t count = 0;
  arguments >> page_size >> count;
  const auto begin = clock_type::now();
  for (size_t done = 0; done < count; done++) munmap(map(page_size, hugetlb_flags(page_size)), page_size);
  return nanoseconds_since(begin);
}

void say(std::atomic<int>& word, int value) {
  word = value;
  syscall(SYS_futex, &word, FUTEX_WAKE, 1);
}

void hear(std::atomic<int>& word, int value) {
  while (word != value) syscall(SYS_futex, &word, FUTEX_WAIT, value - 1, nullptr);
}

int64_t pingpong(std::istream& arguments) {
  int count = 0;
  arguments >> count;
  void* page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) throw failed_call{"mmap", errno};
  auto* words = static_cast<std::atomic<int>*>(page);
  const pid_t child = fork();
  if (child < 0) throw failed_call{"fork", errno};
  // The first answer says that the child is there.
  if (child == 0) {
    for (int turn = 1; turn <= count + 1; turn++) {
      say(words[16], turn);
      if (turn <= count) hear(words[0], turn);
    }
    _exit(0);
  }
  hear(words[16], 1);
  const auto begin = clock_type::now();
  for (int turn = 1; turn <= count; turn++) {
    say(words[0], turn);
    hear(words[16], turn + 1);
  }
  const int64_t took = nanoseconds_since(begin);
  waitpid(child, nullptr, 0);
  munmap(page, 4096);
  return took;
}

int64_t answer(const std::string& command, std::istream& arguments) {
  if (command == "pingpong") return pingpong(arguments);
  return command == "populate" ? populate(arguments) : cycle(arguments);
}

}  // namespace

int main() { answer_lines(answer); }
