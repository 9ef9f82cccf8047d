// What a service does without root: a file on a hugetlbfs mount, and a SHM_HUGETLB segment; both mapped and touched.
// Prints an errno for each, 0 for success.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

static int use_file(const char *path, size_t length) {
  int fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
  if (fd < 0) return errno;
  if (ftruncate(fd, (off_t)length) != 0) return errno;
  void *memory = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) return errno;
  memset(memory, 1, length);
  munmap(memory, length);
  close(fd);
  return unlink(path) == 0 ? 0 : errno;
}

static int use_segment(size_t length) {
  int id = shmget(IPC_PRIVATE, length, SHM_HUGETLB | IPC_CREAT | 0600);
  if (id < 0) return errno;
  void *memory = shmat(id, NULL, 0);
  int failure = memory == (void *)-1 ? errno : 0;
  shmctl(id, IPC_RMID, NULL);
  if (failure == 0) memset(memory, 1, length);
  return failure;
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  size_t length = strtoul(argv[2], NULL, 10);
  printf("{\"file\":%d,\"segment\":%d}\n", use_file(argv[1], length), use_segment(length));
  return 0;
}
