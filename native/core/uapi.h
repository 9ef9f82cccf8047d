// Kernel interfaces newer than the headers of old distributions. Values and layouts are the kernel's, from
// include/uapi/asm-generic/mman-common.h and, under include/uapi/linux, fs.h, stat.h, futex.h and userfaultfd.h.
#pragma once

#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <cstdint>

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif
#ifndef MAP_HUGE_SHIFT
#define MAP_HUGE_SHIFT 26
#endif
#ifndef MADV_COLD
#define MADV_COLD 20
#endif
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif
#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif
#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif
#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#define PR_SET_VMA_ANON_NAME 0
#endif

#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif

#ifndef MFD_HUGETLB
#define MFD_HUGETLB 0x0004U
#endif
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif
#ifndef SHM_HUGETLB
#define SHM_HUGETLB 04000
#endif
#ifndef SHM_NORESERVE
#define SHM_NORESERVE 010000
#endif

namespace hugepages::uapi {

// f_type of statfs(2), include/uapi/linux/magic.h.
constexpr int64_t hugetlbfs_magic = 0x958458f6;
constexpr int64_t tmpfs_magic = 0x01021994;

// PAGEMAP_SCAN, Linux 6.7. All fields are 64 bits wide.
struct page_region {
  uint64_t start;
  uint64_t end;
  uint64_t categories;
};

struct pm_scan_arg {
  uint64_t size;
  uint64_t flags;
  uint64_t start;
  uint64_t end;
  uint64_t walk_end;
  uint64_t vec;
  uint64_t vec_len;
  uint64_t max_pages;
  uint64_t category_inverted;
  uint64_t category_mask;
  uint64_t category_anyof_mask;
  uint64_t return_mask;
};

constexpr uint64_t page_is_written = uint64_t{1} << 1;
constexpr uint64_t page_is_present = uint64_t{1} << 3;
constexpr uint64_t page_is_swapped = uint64_t{1} << 4;
constexpr uint64_t page_is_pfn_zero = uint64_t{1} << 5;
constexpr uint64_t page_is_huge = uint64_t{1} << 6;
constexpr unsigned long pagemap_scan = _IOWR('f', 16, struct pm_scan_arg);

constexpr uint64_t scan_write_protects = 1;  // PM_SCAN_WP_MATCHING
constexpr uint64_t scan_checks_async = 2;    // PM_SCAN_CHECK_WPASYNC

// Features of userfaultfd(2): Linux 5.19, 6.4, 6.7.
constexpr uint64_t uffd_wp_hugetlbfs_shmem = uint64_t{1} << 12;
constexpr uint64_t uffd_wp_unpopulated = uint64_t{1} << 13;
constexpr uint64_t uffd_wp_async = uint64_t{1} << 15;

// PROCMAP_QUERY, Linux 6.11: one mapping of /proc/PID/maps without formatting and parsing all of them.
struct procmap_query {
  uint64_t size;
  uint64_t query_flags;
  uint64_t query_addr;
  uint64_t vma_start;
  uint64_t vma_end;
  uint64_t vma_flags;
  uint64_t vma_page_size;
  uint64_t vma_offset;
  uint64_t inode;
  uint32_t dev_major;
  uint32_t dev_minor;
  uint32_t vma_name_size;
  uint32_t build_id_size;
  uint64_t vma_name_addr;
  uint64_t build_id_addr;
};

constexpr uint64_t procmap_query_covering_or_next = 0x10;
constexpr unsigned long procmap_query_ioctl = _IOWR('f', 17, struct procmap_query);

// statx(2) as of Linux 6.1, where it tells how direct I/O has to be aligned.
struct statx_facts {
  uint32_t stx_mask;
  uint32_t unused[37];
  uint32_t stx_dio_mem_align;
  uint32_t stx_dio_offset_align;
  uint64_t spare[12];
};

constexpr unsigned int statx_dioalign = 0x2000;

// futex_waitv(2), Linux 5.16: one word of several that are waited for.
struct futex_waitv {
  uint64_t val;
  uint64_t uaddr;
  uint32_t flags;
  uint32_t reserved;
};

constexpr uint32_t futex_32 = 2;
constexpr uint32_t futex_private = 128;

}  // namespace hugepages::uapi
