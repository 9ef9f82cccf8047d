// The arguments of a call, taken one after the other and checked: a wrong one throws a coded TypeError or RangeError. No conversion
// runs JavaScript, which could release the very region that the call is about: lists come as typed arrays, which have no getters.
#pragma once

#include <napi.h>

#include <string>
#include <variant>
#include <vector>

namespace hugepages::binding {

// What a number of JavaScript counts exactly.
constexpr int64_t max_safe_integer = (int64_t{1} << 53) - 1;

// Of a typed array.
template <class T>
struct elements {
  T* first;
  size_t count;

  [[nodiscard]] T* begin() const { return first; }
  [[nodiscard]] T* end() const { return first + count; }
};

class arguments {
 public:
  explicit arguments(const Napi::CallbackInfo& info) : info_(info) {}

  // A whole number between `min` and `max`.
  int64_t integer(const char* name, int64_t min, int64_t max);
  // Bytes: 0 to 2^47, what a user address space holds.
  size_t bytes(const char* name);
  // Zero or a power of two, up to 2^47.
  size_t power_of_two(const char* name);
  bool boolean(const char* name);
  uintptr_t address(const char* name);
  std::string string(const char* name);
  // A path, or a file descriptor.
  std::variant<std::string, int> file(const char* name);
  // The elements of an Int32Array.
  std::vector<int> integers(const char* name, int min, int max);
  // Of a BigUint64Array.
  std::vector<uint64_t> big_integers(const char* name, uint64_t max);
  // Of a Float64Array.
  std::vector<uint64_t> whole_numbers(const char* name, uint64_t max);
  // A Float64Array of `count` elements, to be written.
  double* doubles(const char* name, size_t count);
  Napi::Function function(const char* name);
  // A function or undefined.
  Napi::Value optional_function(const char* name);

  [[nodiscard]] Napi::Env env() const { return info_.Env(); }

 private:
  Napi::Value next() { return info_[position_++]; }
  template <class T>
  elements<T> typed_array(const char* name, napi_typedarray_type type, const char* expected);

  const Napi::CallbackInfo& info_;
  size_t position_ = 0;
};

}  // namespace hugepages::binding
