// A set of NUMA nodes as mbind(2) and set_mempolicy(2) take it.
#pragma once

#include <array>
#include <climits>
#include <cstddef>
#include <vector>

namespace hugepages {

class node_mask {
 public:
  node_mask() = default;
  explicit node_mask(const std::vector<int>& nodes) {
    for (const int node : nodes) add(node);
  }

  // False when one of the nodes cannot be: no kernel has it.
  [[nodiscard]] bool valid() const { return valid_; }
  [[nodiscard]] unsigned long* words() { return words_.data(); }
  // The kernel reads one bit less than it is told.
  [[nodiscard]] static constexpr size_t max_node() { return node_limit + 1; }

 private:
  static constexpr size_t node_limit = 1024;  // the kernel's largest MAX_NUMNODES
  static constexpr size_t word_bits = sizeof(unsigned long) * CHAR_BIT;

  void add(int node) {
    const auto bit = static_cast<size_t>(node);
    if (node < 0 || bit >= node_limit) {
      valid_ = false;
      return;
    }
    words_.at(bit / word_bits) |= 1UL << (bit % word_bits);
  }

  std::array<unsigned long, node_limit / word_bits> words_{};
  bool valid_ = true;
};

}  // namespace hugepages
