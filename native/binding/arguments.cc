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
  const auto value = next();
  if (!value.IsNumber()) throw invalid_type(env(), name, "of type number");
  const double number = value.As<Napi::Number>().DoubleValue();
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

std::vector<int> arguments::integers(const char* name, int min, int max) {
  const auto value = next();
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_int32_array) {
    throw invalid_type(env(), name, "an Int32Array");
  }
  const auto array = value.As<Napi::Int32Array>();
  std::vector<int> numbers(array.Data(), array.Data() + array.ElementLength());
  for (const int number : numbers) {
    if (number < min || number > max) throw out_of_range(env(), std::string(name) + "[]", between(min, max));
  }
  return numbers;
}

std::vector<uint64_t> arguments::big_integers(const char* name, uint64_t max) {
  const auto value = next();
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_biguint64_array) {
    throw invalid_type(env(), name, "a BigUint64Array");
  }
  const auto array = value.As<Napi::BigUint64Array>();
  std::vector<uint64_t> numbers(array.Data(), array.Data() + array.ElementLength());
  for (const uint64_t number : numbers) {
    if (number > max) throw out_of_range(env(), std::string(name) + "[]", "<= " + std::to_string(max));
  }
  return numbers;
}

std::vector<uint64_t> arguments::whole_numbers(const char* name, uint64_t max) {
  const auto value = next();
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_float64_array) {
    throw invalid_type(env(), name, "a Float64Array");
  }
  const auto array = value.As<Napi::Float64Array>();
  std::vector<uint64_t> numbers;
  numbers.reserve(array.ElementLength());
  for (size_t i = 0; i < array.ElementLength(); i++) {
    const double number = array[i];
    if (!(number >= 0 && number <= static_cast<double>(max)) || std::trunc(number) != number) {
      throw out_of_range(env(), std::string(name) + "[]", "an integer >= 0 and <= " + std::to_string(max));
    }
    numbers.push_back(static_cast<uint64_t>(number));
  }
  return numbers;
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
