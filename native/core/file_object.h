// Memory that a file descriptor names: a memfd, or a file of hugetlbfs.
#pragma once

#include "core/file.h"
#include "core/memory_object.h"

namespace hugepages {

class file_object : public memory_object {
 public:
  // `path`: where its name stays. `unlink_unless_kept`: the name is new, and goes unless keep() is called.
  file_object(source_kind source, file descriptor, std::string path = "", bool unlink_unless_kept = false)
      : source_(source), file_(std::move(descriptor)), path_(std::move(path)), unlink_unless_kept_(unlink_unless_kept) {}
  file_object(const file_object&) = delete;
  file_object& operator=(const file_object&) = delete;
  ~file_object() override;

  [[nodiscard]] source_kind source() const override { return source_; }
  [[nodiscard]] result<range> map(range where, bool fixed, int protection, int flags) const override;
  void keep() override { unlink_unless_kept_ = false; }
  [[nodiscard]] result<size_t> size() const override;
  [[nodiscard]] status resize(size_t length) const override;
  [[nodiscard]] result<int> seals() const override;
  [[nodiscard]] status seal(int seals) const override;
  [[nodiscard]] int descriptor() const override { return file_.descriptor(); }
  [[nodiscard]] const std::string& path() const override { return path_; }

 private:
  const source_kind source_;
  const file file_;
  const std::string path_;
  bool unlink_unless_kept_;
};

}  // namespace hugepages
