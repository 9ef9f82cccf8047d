// Maps a file, closes it, and waits to be killed: what holds the file then is the mapping alone.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int main(int argc, char** argv) {
  int fd = argc == 3 ? open(argv[1], O_RDWR) : -1;
  if (fd < 0 || mmap(NULL, strtoul(argv[2], NULL, 10), PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED) return 1;
  close(fd);
  puts("ready");
  fflush(stdout);
  pause();
}
