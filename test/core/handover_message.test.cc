#include "core/handover_message.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cstring>
#include <vector>

#include "support/child.h"
#include "support/object.h"
#include "support/socket_pair.h"

using namespace hugepages;
using namespace hugepages::test;

namespace {

handover_offer offer_of(source_kind source) {
  handover_offer offer;
  offer.claim.length = base_page_size();
  offer.claim.page_size = base_page_size();
  offer.claim.kind = static_cast<uint32_t>(backing_kind::base);
  offer.claim.source = static_cast<uint32_t>(source);
  strcpy(offer.claim.identity.data(), "0:1:2");
  return offer;
}

const handover_offer of_memfd = offer_of(source_kind::memfd);

// Bytes with any number of descriptors, all of them `descriptor`.
void send_part(int socket, const void* bytes, size_t length, size_t descriptors = 0, int descriptor = 0) {
  iovec part{const_cast<void*>(bytes), length};
  std::vector<char> space(CMSG_SPACE(sizeof(int) * descriptors));
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (descriptors != 0) {
    message.msg_control = space.data();
    message.msg_controllen = space.size();
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * descriptors);
    const std::vector<int> all(descriptors, descriptor);
    memcpy(CMSG_DATA(header), all.data(), sizeof(int) * descriptors);
  }
  REQUIRE(sendmsg(socket, &message, MSG_NOSIGNAL) == static_cast<ssize_t>(length));
}

// "true", "false", or the failure.
std::string told(const result<bool>& of) { return of.ok() ? (of.value() ? "true" : "false") : outcome(of); }

}  // namespace

TEST_CASE("handover message: an offer arrives with its descriptor, closed on exec") {
  const socket_pair ends;
  const file sent("/dev/null");
  const auto offer = of_memfd;
  REQUIRE(outcome(send_offer(ends.near(), offer, sent.descriptor())) == "ok");
  offer_reader reader;
  REQUIRE(told(reader.read(ends.far())) == "true");
  CHECK(memcmp(&reader.claim(), &offer.claim, sizeof offer.claim) == 0);
  const file received = reader.take_descriptor();
  CHECK(received.is_open());
  CHECK((fcntl(received.descriptor(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("handover message: an offer arrives in pieces") {
  const socket_pair ends;
  const file sent("/dev/null");
  const auto* const bytes = reinterpret_cast<const char*>(&of_memfd);
  offer_reader reader;
  CHECK(told(reader.read(ends.far())) == "false");
  for (size_t at = 0; at < sizeof of_memfd; at++) {
    send_part(ends.near(), bytes + at, 1, at == 7 ? 1 : 0, sent.descriptor());
    CHECK(told(reader.read(ends.far())) == (at + 1 < sizeof of_memfd ? "false" : "true"));
  }
  CHECK(reader.take_descriptor().is_open());
}

TEST_CASE("handover message: as many descriptors as the object has, else none of them stays open") {
  const file sent("/dev/null");
  const size_t before = open_descriptors();
  const auto read_offer = [&](const handover_offer& offer, size_t descriptors) {
    const socket_pair ends;
    send_part(ends.near(), &offer, sizeof offer, descriptors, sent.descriptor());
    offer_reader reader;
    return told(reader.read(ends.far()));
  };
  for (const size_t wrong : {0, 2, 253}) {
    CAPTURE(wrong);
    CHECK(read_offer(of_memfd, wrong) == "recvmsg: EMSGSIZE");
    CHECK(open_descriptors() == before);
  }
  CHECK(read_offer(offer_of(source_kind::sysv), 1) == "recvmsg: EMSGSIZE");
  CHECK(read_offer(offer_of(source_kind::sysv), 0) == "true");
  CHECK(open_descriptors() == before);
  const socket_pair ends;
  for (int message = 0; message < 2; message++) send_part(ends.near(), &of_memfd, 1, 1, sent.descriptor());
  offer_reader reader;
  CHECK(told(reader.read(ends.far())) == "false");
  CHECK(told(reader.read(ends.far())) == "recvmsg: EMSGSIZE");
}

TEST_CASE("handover message: a receiver that can open no more files says so") {
  const file sent("/dev/null");
  CHECK(fate_of_child([&] {
          const socket_pair ends;
          if (!send_offer(ends.near(), of_memfd, sent.descriptor()).ok()) return 1;
          const rlimit none{0, 0};
          setrlimit(RLIMIT_NOFILE, &none);
          offer_reader reader;
          return told(reader.read(ends.far())) == "recvmsg: EMFILE" ? 0 : 2;
        }) == success);
}

TEST_CASE("handover message: a sender that closes half way leaves nothing open") {
  const file sent("/dev/null");
  const size_t before = open_descriptors();
  for (const size_t length : {size_t{0}, size_t{1}, sizeof of_memfd - 1}) {
    CAPTURE(length);
    socket_pair ends;
    if (length != 0) send_part(ends.near(), &of_memfd, length, 1, sent.descriptor());
    ends.close_near();
    offer_reader reader;
    if (length != 0) CHECK(told(reader.read(ends.far())) == "false");
    CHECK(told(reader.read(ends.far())) == "recvmsg: EPIPE");
  }
  CHECK(open_descriptors() == before);
}

TEST_CASE("handover message: what is no offer") {
  const file sent("/dev/null");
  const auto read_offer = [&](const handover_offer& offer) {
    const socket_pair ends;
    REQUIRE(outcome(send_offer(ends.near(), offer, sent.descriptor())) == "ok");
    offer_reader reader;
    return told(reader.read(ends.far()));
  };
  CHECK(read_offer(of_memfd) == "true");
  std::vector<handover_offer> wrong(9, of_memfd);
  wrong[0].magic[7] = '2';
  wrong[1].claim.length = 0;
  wrong[2].claim.length = base_page_size() + 1;
  wrong[3].claim.length = uint64_t{1} << 48U;
  wrong[4].claim.page_size = 0;
  wrong[5].claim.page_size = 3 * base_page_size();
  wrong[6].claim.kind = 3;
  wrong[7].claim.source = static_cast<uint32_t>(source_kind::anonymous);
  wrong[8].claim.identity.fill('x');
  for (size_t index = 0; index < wrong.size(); index++) {
    CAPTURE(index);
    CHECK(read_offer(wrong[index]) == "recvmsg: EPROTO");
  }
}

TEST_CASE("handover message: an answer says which call failed, if it is one of ours") {
  const auto answered = [](const failure& error) {
    const socket_pair ends;
    send_answer(ends.near(), error);
    answer_reader reader;
    REQUIRE(told(reader.read(ends.far())) == "true");
    return reader.answer();
  };
  CHECK(outcome(answered({ENOMEM, "mmap"})) == "mmap: ENOMEM");
  CHECK(outcome(answered({EIO, "format the disk"})) == "the other side: EIO");
  CHECK(outcome(answered({EIO, std::string(100, 'a').c_str()})) == "the other side: EIO");
  CHECK(answered({0, ""}).error == 0);
}

TEST_CASE("handover message: what is no answer, and one that never comes") {
  handover_answer answer;
  answer.error = -1;
  {
    const socket_pair ends;
    send_part(ends.near(), &answer, sizeof answer);
    answer_reader reader;
    CHECK(told(reader.read(ends.far())) == "recv: EPROTO");
  }
  socket_pair ends;
  answer_reader reader;
  CHECK(told(reader.read(ends.far())) == "false");
  send_part(ends.near(), &answer, 10);
  CHECK(told(reader.read(ends.far())) == "false");
  ends.close_near();
  CHECK(told(reader.read(ends.far())) == "recv: EPIPE");
}
