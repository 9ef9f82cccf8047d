// What nobody can guess.
#pragma once

#include <string>

namespace hugepages {

// 128 random bits, as 32 hexadecimal digits.
std::string random_hex();

}  // namespace hugepages
