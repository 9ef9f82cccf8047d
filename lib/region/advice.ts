/** The advice that regions take: madvise(2). */

/** MADV_* values of include/uapi/asm-generic/mman-common.h, which x86-64, arm64 and riscv share. */
export const ADVICE = {
  normal: 0,
  random: 1,
  sequential: 2,
  willneed: 3,
  dontfork: 10,
  dofork: 11,
  mergeable: 12,
  unmergeable: 13,
  hugepage: 14,
  nohugepage: 15,
  dontdump: 16,
  dodump: 17,
  cold: 20,
  pageout: 21,
  'populate-read': 22,
  collapse: 25,
} as const;

/**
 * What `region.advise()` takes: the name of a MADV_* constant in lower case. Advice that throws pages away is not among them. The
 * kernel refuses `cold`, `pageout` and `collapse` for hugetlb.
 */
export type Advice = keyof typeof ADVICE;

/** PROT_* values of mprotect(2). */
export const PROTECTION = { none: 0, read: 1, 'read-write': 3 } as const;
