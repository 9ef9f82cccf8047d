#include "core/random.h"

#include <sys/random.h>

#include <array>
#include <cstdlib>

namespace hugepages {

std::string random_hex() {
  std::array<unsigned char, 16> bytes{};
  // Up to 256 bytes are never short and never interrupted once the kernel's generator is seeded.
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) std::abort();
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const unsigned char byte : bytes) {
    text.push_back(digits[byte >> 4U]);
    text.push_back(digits[byte & 15U]);
  }
  return text;
}

}  // namespace hugepages
