// Asks for a SysV segment of one huge page, removes it, and prints the error number that it was refused with, 0 for none.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/shm.h>

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  const int id = shmget(IPC_PRIVATE, strtoul(argv[1], NULL, 10), IPC_CREAT | SHM_HUGETLB | 0600);
  printf("%d\n", id == -1 ? errno : 0);
  return id != -1 && shmctl(id, IPC_RMID, NULL) != 0;
}
