// A value, or the system call that failed and its errno. The core throws nothing: the binding turns failures into JavaScript errors.
#pragma once

#include <cerrno>
#include <utility>
#include <variant>

namespace hugepages {

struct failure {
  int error;         // errno, positive
  const char* call;  // as a person would write it: "mmap", "madvise(MADV_POPULATE_WRITE)"
};

// Call right after the failed system call, before anything else can change errno.
inline failure last_failure(const char* call) { return failure{errno, call}; }

template <class T>
class [[nodiscard]] result {
 public:
  result(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
  result(failure error) : state_(std::in_place_index<1>, error) {}       // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  [[nodiscard]] T& value() { return std::get<0>(state_); }
  [[nodiscard]] const T& value() const { return std::get<0>(state_); }
  [[nodiscard]] const failure& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, failure> state_;
};

// For calls that return nothing but whether they worked.
using status = result<std::monostate>;
inline status done() { return std::monostate{}; }

}  // namespace hugepages
