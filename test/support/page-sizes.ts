/** The page sizes of this machine, in bytes. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { meminfo } from './kernel-text.js';

/** The smallest page, 4 KiB on x86-64. */
export const BASE_PAGE = Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }));

/** The page of the default hugetlb pool, 2 MiB on x86-64. */
export const HUGE_PAGE = meminfo('Hugepagesize');

/** The pages of all hugetlb pools, smallest first. */
export const HUGE_PAGES: readonly number[] = readdirSync('/sys/kernel/mm/hugepages')
  .flatMap((name) => /^hugepages-(\d+)kB$/.exec(name)?.[1] ?? [])
  .map((kib) => Number(kib) * 1024)
  .sort((a, b) => a - b);
