#include "core/handover_message.h"

#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace hugepages {
namespace {

// SCM_MAX_FD of the kernel. All that come have to be taken, for what is not taken stays open for nobody to close.
constexpr size_t most_descriptors = 253;

union ancillary {
  cmsghdr aligned;
  std::array<char, CMSG_SPACE(sizeof(int) * most_descriptors)> bytes;
};

void collect(msghdr& message, std::vector<file>& descriptors) {
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    const size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; i++) {
      int number = -1;
      memcpy(&number, CMSG_DATA(header) + i * sizeof number, sizeof number);
      descriptors.emplace_back(number);
    }
  }
}

// The names of failures are written in the source, so those that come from outside are looked up.
constexpr std::array known_calls{"mmap",    "madvise(MADV_HUGEPAGE)", "madvise(MADV_NOHUGEPAGE)", "shmat",   "shmctl", "fstat",
                                 "fstatfs", "fcntl(F_GET_SEALS)",     "getsockopt(SO_PEERCRED)",  "recvmsg", "poll"};

// As far as it has come.
template <typename Message>
bool begins_as_ours(const Message& message, size_t length) {
  const auto& ours = handover_offer::magic_of_ours;
  return std::equal(ours.begin(), ours.begin() + std::min(length, ours.size()), message.magic.begin());
}

const char* known_call(std::string_view call) {
  const auto* found = std::find(known_calls.begin(), known_calls.end(), call);
  return found == known_calls.end() ? "the other side" : *found;
}

}  // namespace

status send_offer(int socket, const handover_offer& offer, int descriptor) {
  handover_offer bytes = offer;
  iovec part{&bytes, sizeof bytes};
  ancillary space{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (descriptor >= 0) {
    message.msg_control = space.bytes.data();
    message.msg_controllen = CMSG_SPACE(sizeof descriptor);
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof descriptor);
    memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
  }
  return sendmsg(socket, &message, MSG_NOSIGNAL) < 0 ? last_failure("sendmsg") : done();
}

void send_answer(int socket, const failure& error) {
  handover_answer answer;
  answer.error = error.error;
  std::string_view(error.call).copy(answer.call.data(), answer.call.size() - 1);
  (void)send(socket, &answer, sizeof answer, MSG_NOSIGNAL);
}

result<bool> offer_reader::read(int socket) {
  iovec part{reinterpret_cast<char*>(&offer_) + length_, sizeof offer_ - length_};
  ancillary space{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = space.bytes.data();
  message.msg_controllen = space.bytes.size();
  const ssize_t count = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  if (count < 0) return errno == EAGAIN || errno == EINTR ? result<bool>(false) : last_failure("recvmsg");
  collect(message, descriptors_);
  if (count == 0) return failure{EPIPE, "recvmsg"};
  // There is space for all that can come.
  if ((message.msg_flags & MSG_CTRUNC) != 0) return failure{EMFILE, "recvmsg"};
  if (descriptors_.size() > 1) return failure{EMSGSIZE, "recvmsg"};
  length_ += static_cast<size_t>(count);
  if (!begins_as_ours(offer_, length_)) return failure{EPROTO, "recvmsg"};
  if (length_ < sizeof offer_) return false;
  if (!is_sane(offer_.claim)) return failure{EPROTO, "recvmsg"};
  if (descriptors_.size() != (is_segment(offer_.claim) ? 0 : 1)) return failure{EMSGSIZE, "recvmsg"};
  return true;
}

result<bool> answer_reader::read(int socket) {
  const ssize_t count = recv(socket, reinterpret_cast<char*>(&answer_) + length_, sizeof answer_ - length_, 0);
  if (count < 0) return errno == EAGAIN || errno == EINTR ? result<bool>(false) : last_failure("recv");
  if (count == 0) return failure{EPIPE, "recv"};
  length_ += static_cast<size_t>(count);
  if (!begins_as_ours(answer_, length_)) return failure{EPROTO, "recv"};
  if (length_ < sizeof answer_) return false;
  if (answer_.error < 0) return failure{EPROTO, "recv"};
  return true;
}

failure answer_reader::answer() const {
  const auto* const end = std::find(answer_.call.begin(), answer_.call.end(), '\0');
  return {answer_.error, known_call({answer_.call.data(), static_cast<size_t>(end - answer_.call.begin())})};
}

}  // namespace hugepages
