// Maps a file shared, and does what it is told on standard input: "touch PAGE" writes to a page, "present PAGE" prints whether page tables
// have it, "punch PAGE" makes a hole.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int is_present(const char* page) {
  uint64_t entry = 0;
  const int pagemap = open("/proc/self/pagemap", O_RDONLY);
  const off_t at = (off_t)((uintptr_t)page / sysconf(_SC_PAGESIZE) * sizeof entry);
  if (pread(pagemap, &entry, sizeof entry, at) != sizeof entry) exit(2);
  close(pagemap);
  return (int)(entry >> 63);
}

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const size_t length = strtoull(argv[2], NULL, 10);
  const size_t page_size = strtoull(argv[3], NULL, 10);
  const int fd = open(argv[1], O_RDWR);
  char* memory = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) return 1;
  char command[16];
  size_t page;
  while (scanf("%15s %zu", command, &page) == 2) {
    char* at = memory + page * page_size;
    int answer = 0;
    if (strcmp(command, "touch") == 0) *(volatile char*)at = 1;
    if (strcmp(command, "present") == 0) answer = is_present(at);
    if (strcmp(command, "punch") == 0) {
      answer = fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)(page * page_size), (off_t)page_size);
    }
    printf("%d\n", answer);
    fflush(stdout);
  }
  return 0;
}
