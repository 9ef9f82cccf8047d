// Processes that do nothing: crowd COUNT HOLDERS PAGE_SIZE. The first HOLDERS hold a hugetlb page each. Prints their pids in a line when all
// are ready, and ends them at the end of standard input.
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

[[noreturn]] void fail(const char* what) {
  perror(what);
  _exit(1);
}

void hold_page(size_t page_size) {
  const int shift = __builtin_ctzl(page_size);
  void* memory =
      mmap(nullptr, page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | (shift << MAP_HUGE_SHIFT), -1, 0);
  if (memory == MAP_FAILED) fail("mmap");
  memset(memory, 1, 1);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const long count = atol(argv[1]);
  const long holders = atol(argv[2]);
  const size_t page_size = strtoul(argv[3], nullptr, 10);
  int ready[2];
  if (pipe(ready) != 0) fail("pipe");
  std::vector<pid_t> pids;
  for (long i = 0; i < count; i++) {
    const pid_t pid = fork();
    if (pid < 0) fail("fork");
    if (pid == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (i < holders) hold_page(page_size);
      if (write(ready[1], "", 1) != 1) fail("write");
      for (;;) pause();
    }
    pids.push_back(pid);
  }
  close(ready[1]);
  for (long i = 0; i < count; i++) {
    char byte;
    if (read(ready[0], &byte, 1) != 1) fail("read");
  }
  std::string line;
  for (const pid_t pid : pids) line += std::to_string(pid) + " ";
  puts(line.c_str());
  fflush(stdout);
  while (getchar() != EOF) {
  }
  for (const pid_t pid : pids) kill(pid, SIGKILL);
}
