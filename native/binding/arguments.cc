#include "binding/arguments.h"

#include <climits>
#include <cmath>

#include "binding/errors.h"

namespace hugepages::binding {
namespace {

constexpr int64_t address_space = int64_t{1} << 47;

std::string between(int64_t min, int64_t max) { return "an integer >= " + std::to_string(min) + " and <= " + std::to_string(max); }

}  // namespace

int64_t arguments::integer(const char* name, int64_t min, int64_t max) {
  double number = 0;
  if (napi_get_value_double(env(), next(), &number) != napi_ok) throw invalid_type(env(), name, "of type number");
  // Written so that NaN fails as well.
  if (!(number >= static_cast<double>(min) && number <= static_cast<double>(max)) || std::trunc(number) != number) {
    throw out_of_range(env(), name, between(min, max));
  }
  return static_cast<int64_t>(number);
}

size_t arguments::bytes(const char* name) { return static_cast<size_t>(integer(name, 0, address_space)); }

size_t arguments::power_of_two(const char* name) {
  const size_t value = bytes(name);
  if ((value & (value - 1)) != 0) throw out_of_range(env(), name, "a power of two");
  return value;
}

bool arguments::boolean(const char* name) {
  const auto value = next();
  if (!value.IsBoolean()) throw invalid_type(env(), name, "of type boolean");
  return value.As<Napi::Boolean>().Value();
}

uintptr_t arguments::address(const char* name) {
  const auto value = next();
  if (!value.IsBigInt()) throw invalid_type(env(), name, "of type bigint");
  bool lossless = false;
  const uint64_t number = value.As<Napi::BigInt>().Uint64Value(&lossless);
  if (!lossless || number > static_cast<uint64_t>(address_space)) throw out_of_range(env(), name, "an address of user space");
  return number;
}

std::string arguments::string(const char* name) {
  const auto value = next();
  if (!value.IsString()) throw invalid_type(env(), name, "of type string");
  return value.As<Napi::String>().Utf8Value();
}

std::variant<std::string, int> arguments::file(const char* name) {
  if (info_[position_].IsString()) return string(name);
  if (!info_[position_].IsNumber()) throw invalid_type(env(), name, "of type string or number");
  return static_cast<int>(integer(name, 0, INT_MAX));
}

template <class T>
elements<T> arguments::typed_array(const char* name, napi_typedarray_type type, const char* expected) {
  napi_typedarray_type actual{};
  elements<T> found{};
  void* data = nullptr;
  const auto status = napi_get_typedarray_info(env(), next(), &actual, &found.count, &data, nullptr, nullptr);
  if (status != napi_ok || actual != type) throw invalid_type(env(), name, expected);
  found.first = static_cast<T*>(data);
  return found;
}

std::vector<int> arguments::integers(const char* name, int min, int max) {
  const auto array = typed_array<int>(name, napi_int32_array, "an Int32Array");
  std::vector<int> numbers(array.begin(), array.end());
  for (const int number : numbers) {
    if (number < min || number > max) throw out_of_range(env(), std::string(name) + "[]", between(min, max));
  }
  return numbers;
}

std::vector<uint64_t> arguments::big_integers(const char* name, uint64_t max) {
  const auto array = typed_array<uint64_t>(name, napi_biguint64_array, "a BigUint64Array");
  std::vector<uint64_t> numbers(array.begin(), array.end());
  for (const uint64_t number : numbers) {
    if (number > max) throw out_of_range(env(), std::string(name) + "[]", "<= " + std::to_string(max));
  }
  return numbers;
}

std::vector<uint64_t> arguments::whole_numbers(const char* name, uint64_t max) {
  const auto array = typed_array<double>(name, napi_float64_array, "a Float64Array");
  std::vector<uint64_t> numbers;
  numbers.reserve(array.count);
  for (const double number : array) {
    if (!(number >= 0 && number <= static_cast<double>(max)) || std::trunc(number) != number) {
      throw out_of_range(env(), std::string(name) + "[]", "an integer >= 0 and <= " + std::to_string(max));
    }
    numbers.push_back(static_cast<uint64_t>(number));
  }
  return numbers;
}

double* arguments::doubles(const char* name, size_t count) {
  const auto array = typed_array<double>(name, napi_float64_array, "a Float64Array");
  if (array.count != count) throw out_of_range(env(), std::string(name) + ".length", std::to_string(count));
  return array.first;
}

Napi::Function arguments::function(const char* name) {
  const auto value = next();
  if (!value.IsFunction()) throw invalid_type(env(), name, "of type function");
  return value.As<Napi::Function>();
}

Napi::Value arguments::optional_function(const char* name) {
  const auto value = next();
  if (!value.IsUndefined() && !value.IsFunction()) throw invalid_type(env(), name, "of type function or undefined");
  return value;
}

}  // namespace hugepages::binding
