// Processes that do not stay what they are, until the end of standard input: `becoming exec SHIFT` executes itself again and again,
// `becoming exit SHIFT` forks children that end at once. Each takes a huge page at a high address, then one at a low address, which is the
// first of the two where the kernel lists mappings.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MAP_HUGE_SHIFT
#define MAP_HUGE_SHIFT 26
#endif

static const uintptr_t LOW = 0x500000000000, BETWEEN = 0x580000000000, HIGH = 0x600000000000;

static void hold(uintptr_t address, size_t length, int flags) {
  void* at = mmap((void*)address, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | flags, -1, 0);
  if (at == MAP_FAILED) _exit(1);
  *(volatile char*)at = 1;
}

static void hold_all(int shift) {
  const int huge = MAP_HUGETLB | (shift << MAP_HUGE_SHIFT);
  hold(HIGH, 1UL << shift, huge);
  // Their lines are more than the kernel writes at once.
  for (int i = 0; i < 100; i++) hold(BETWEEN + (uintptr_t)i * 0x20000, 0x1000, 0);
  hold(LOW, 1UL << shift, huge);
  usleep(500);
}

int main(int argc, char** argv) {
  char byte;
  if (argc != 3) return 2;
  fcntl(0, F_SETFL, O_NONBLOCK);
  while (read(0, &byte, 1) != 0) {
    if (strcmp(argv[1], "exec") == 0) {
      hold_all(atoi(argv[2]));
      execv("/proc/self/exe", argv);
      return 1;
    }
    if (fork() == 0) {
      hold_all(atoi(argv[2]));
      _exit(0);
    }
    int status;
    if (wait(&status) < 0 || status != 0) return 1;
  }
  return 0;
}
