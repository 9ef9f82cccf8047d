// Maps and unmaps huge pages beyond the pool, which come and go as surplus pages, until it is killed: churn PAGE_SIZE PAGES
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int main(int count, char **words) {
  if (count != 3) return 2;
  const size_t length = strtoull(words[1], NULL, 10) * strtoull(words[2], NULL, 10);
  puts("churning");
  fflush(stdout);
  for (;;) {
    void *memory = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
    usleep(100);
    if (memory != MAP_FAILED) munmap(memory, length);
    usleep(100);
  }
}
