// Holds touched huge pages of one size, by way of memfd_create(2) or shmget(2), until it is killed: hold memfd|shmget PAGE_SIZE PAGES
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

static char *of_memfd(size_t length, int size_flag) {
  const int file = memfd_create("hold", MFD_HUGETLB | (size_flag << 26));
  if (file < 0 || ftruncate(file, length) != 0) return MAP_FAILED;
  return mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
}

static char *of_shmget(size_t length, int size_flag) {
  const int id = shmget(IPC_PRIVATE, length, IPC_CREAT | SHM_HUGETLB | (size_flag << 26) | 0600);
  if (id < 0) return MAP_FAILED;
  char *memory = shmat(id, NULL, 0);
  shmctl(id, IPC_RMID, NULL);  // it goes with this process
  return memory;
}

int main(int count, char **words) {
  if (count != 4) return 2;
  const size_t page = strtoull(words[2], NULL, 10);
  const size_t length = page * strtoull(words[3], NULL, 10);
  const int size_flag = __builtin_ctzll(page);
  char *memory = strcmp(words[1], "memfd") == 0 ? of_memfd(length, size_flag) : of_shmget(length, size_flag);
  if (memory == MAP_FAILED) {
    perror(words[1]);
    return 1;
  }
  for (size_t offset = 0; offset < length; offset += page) memory[offset] = 1;
  puts("holding");
  fflush(stdout);
  pause();
  return 0;
}
