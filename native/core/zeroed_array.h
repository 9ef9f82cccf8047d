// Zeros for signal handlers and other threads to change, which take memory only where they are changed.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <utility>

#include "core/result.h"

namespace hugepages {

// T is an atomic type, all zero at first.
template <class T>
class zeroed_array {
 public:
  static result<zeroed_array> create(size_t size) {
    void* memory = mmap(nullptr, size * sizeof(T), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return last_failure("mmap");
    return zeroed_array(static_cast<T*>(memory), size);
  }

  zeroed_array(zeroed_array&& other) noexcept : first_(std::exchange(other.first_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  zeroed_array& operator=(zeroed_array&&) = delete;
  zeroed_array(const zeroed_array&) = delete;
  zeroed_array& operator=(const zeroed_array&) = delete;
  ~zeroed_array() {
    if (size_ != 0) munmap(first_, size_ * sizeof(T));
  }

  [[nodiscard]] size_t size() const { return size_; }
  T& operator[](size_t index) const { return first_[index]; }

 private:
  zeroed_array(T* first, size_t size) : first_(first), size_(size) {}

  T* first_;
  size_t size_;
};

}  // namespace hugepages
