// Sends the descriptor of a file to itself, closes it, and waits to be killed: what holds the file then is on its way.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char** argv) {
  int ends[2];
  int fd = argc == 2 ? open(argv[1], O_RDONLY) : -1;
  if (fd < 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return 1;
  _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof fd)] = {0};
  struct iovec byte = {"x", 1};
  struct msghdr message = {.msg_iov = &byte, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  struct cmsghdr* header = CMSG_FIRSTHDR(&message);
  *header = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof fd)};
  memcpy(CMSG_DATA(header), &fd, sizeof fd);
  if (sendmsg(ends[0], &message, 0) != 1) return 1;
  close(fd);
  puts("ready");
  fflush(stdout);
  pause();
}
