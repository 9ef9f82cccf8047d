// What goes over the socket of a handover: one message each way, of a fixed size.
#pragma once

#include <array>
#include <type_traits>
#include <vector>

#include "core/claim.h"
#include "core/file.h"
#include "core/result.h"

namespace hugepages {

struct handover_offer {
  static constexpr std::array<char, 8> magic_of_ours{'h', 'u', 'g', 'e', 'p', 'g', 's', '1'};

  std::array<char, 8> magic = magic_of_ours;
  object_claim claim;
};

struct handover_answer {
  std::array<char, 8> magic = handover_offer::magic_of_ours;
  int32_t error = 0;            // 0: it is mapped
  std::array<char, 52> call{};  // that failed, zero-terminated
};

// No padding, which would carry bytes of our memory.
static_assert(std::has_unique_object_representations_v<handover_offer>);
static_assert(std::has_unique_object_representations_v<handover_answer>);

// With the descriptor, unless that is -1. Into a socket that is empty, which takes all of it.
status send_offer(int socket, const handover_offer& offer, int descriptor);

// Best effort: who does not listen to why he is turned away need not know.
void send_answer(int socket, const failure& error);

// An offer as it comes, in whatever pieces.
class offer_reader {
 public:
  // Reads what is there; true when the offer is complete. EPIPE: the sender has closed. EPROTO: it is no offer. EMSGSIZE: not as many
  // descriptors as it has to have. EMFILE: this process cannot have its descriptor.
  result<bool> read(int socket);

  [[nodiscard]] const object_claim& claim() const { return offer_.claim; }
  // Closed where the object has none.
  [[nodiscard]] file take_descriptor() { return descriptors_.empty() ? file(-1) : std::move(descriptors_.front()); }

 private:
  handover_offer offer_;
  size_t length_ = 0;
  std::vector<file> descriptors_;
};

// The answer as it comes. Nothing while it is not complete. EPIPE: the receiver has closed. EPROTO: it is no answer.
class answer_reader {
 public:
  result<bool> read(int socket);

  // Error 0: it is mapped.
  [[nodiscard]] failure answer() const;

 private:
  handover_answer answer_;
  size_t length_ = 0;
};

}  // namespace hugepages
