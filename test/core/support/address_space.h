// This process's address space as the kernel tells it in /proc/self, read without the code under test.
#pragma once

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "core/range.h"

namespace hugepages::test {

struct maps_line {
  range extent;
  std::string permissions;  // "rw-p"
  std::string name;
};

inline bool parse_maps_line(const std::string& text, maps_line& line) {
  uintptr_t start = 0;
  uintptr_t end = 0;
  char permissions[5] = "";
  int name = 0;
  if (sscanf(text.c_str(), "%" SCNxPTR "-%" SCNxPTR " %4s %*s %*s %*s %n", &start, &end, permissions, &name) != 3) return false;
  line = {{start, end - start}, permissions, text.substr(std::min(text.size(), static_cast<size_t>(name)))};
  return true;
}

// The mappings that overlap `part`.
inline std::vector<maps_line> maps_of(range part) {
  std::ifstream maps("/proc/self/maps");
  std::vector<maps_line> found;
  maps_line line;
  for (std::string text; std::getline(maps, text);) {
    if (parse_maps_line(text, line) && line.extent.start < part.end() && part.start < line.extent.end()) found.push_back(line);
  }
  return found;
}

// What /proc/self/smaps says of one field of the mapping at `address`: "2048 kB", or "rd wr mr mw me dc ac" for VmFlags.
inline std::string smaps_field(uintptr_t address, const std::string& field) {
  std::ifstream smaps("/proc/self/smaps");
  bool inside = false;
  maps_line header;
  for (std::string text; std::getline(smaps, text);) {
    if (parse_maps_line(text, header)) {
      inside = header.extent.start <= address && address < header.extent.end();
    } else if (inside && text.rfind(field + ":", 0) == 0) {
      return text.substr(std::min(text.size(), text.find_first_not_of(' ', field.size() + 1)));
    }
  }
  return "";
}

// "2048 kB" → 2 MiB
inline size_t smaps_bytes(uintptr_t address, const std::string& field) {
  const std::string text = smaps_field(address, field);
  return text.empty() ? 0 : std::stoul(text) * 1024;
}

inline bool has_vm_flag(uintptr_t address, const std::string& flag) {
  std::istringstream flags(smaps_field(address, "VmFlags"));
  for (std::string one; flags >> one;) {
    if (one == flag) return true;
  }
  return false;
}

// "Threads", "Cpus_allowed_list"
inline std::string status_field(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string text; std::getline(status, text);) {
    if (text.rfind(field + ":", 0) == 0) return text.substr(text.find_first_not_of(" \t", field.size() + 1));
  }
  return "";
}

// Bytes of address space in use.
inline size_t address_space() {
  std::ifstream statm("/proc/self/statm");
  size_t pages = 0;
  statm >> pages;
  return pages * base_page_size();
}

}  // namespace hugepages::test
