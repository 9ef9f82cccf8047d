// Attaches a segment by its key, only for reading, and prints its first byte for each line of input.
#include <stdio.h>
#include <stdlib.h>
#include <sys/shm.h>

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  const int id = shmget((key_t)strtol(argv[1], NULL, 10), 0, 0);
  const volatile unsigned char *bytes = shmat(id, NULL, SHM_RDONLY);
  if (bytes == (void *)-1) return 1;
  puts("attached");
  fflush(stdout);
  while (getchar() != EOF) {
    printf("%d\n", bytes[0]);
    fflush(stdout);
  }
  return 0;
}
