import { expect, it } from 'vitest';
import { hugeInNumastat, hugetlbInPmap, poolInNumastat, residentInSmem, totalInPageTypes } from '../../../benchmarks/ps/outputs.js';

it('pmap -XX: the last sums are those of all processes', () => {
  const process = (pid: number, shared: number, hugetlb: number): string => `${String(pid)}:   crowd 2 2 2097152
         Address Perm   Offset Device  Inode Size Rss Shared_Hugetlb Private_Hugetlb Swap      VmFlags Mapping
    561269bc2000 r--p 00000000  fe:00 3007041    4   4              0               0    0  rd mr mw me crowd
                                              ==== === ============== =============== ====
                                              7712 784 ${String(shared).padStart(14)} ${String(hugetlb).padStart(15)}    0 KB
`;
  expect(hugetlbInPmap(process(1, 0, 2048))).toBe(2);
  expect(hugetlbInPmap(process(1, 0, 2048) + process(2, 1024, 4096))).toBe(5);
});

it('numastat -p: the row Huge, of all nodes', () => {
  const text = `
Per-node process memory usage (in MBs) for PID 25754 (crowd)
                           Node 0          Node 1           Total
                  --------------- --------------- ---------------
Huge                         2.00            4.00            6.00
Heap                         0.01            0.00            0.01
----------------  --------------- --------------- ---------------
Total                        2.77            4.00            6.77
`;
  expect(hugeInNumastat(text)).toBe(6);
});

it('numastat -m: the row HugePages_Total, of all nodes', () => {
  const text = `
Per-node system memory usage (in MBs):
                          Node 0           Total
                 --------------- ---------------
MemTotal                24105.55        24105.55
HugePages_Total           600.00          600.00
HugePages_Free            560.00          560.00
HugePages_Surp              0.00            0.00
`;
  expect(poolInNumastat(text)).toBe(600);
});

it('smem: what is resident of these processes', () => {
  expect(residentInSmem('25752      812 \n25754     1236 \n25755     4096 \n', ['25752', '25754'])).toBe(2);
});

it('page-types: the total', () => {
  const text = `             flags\tpage-count       MB  symbolic-flags\t\t\tlong-symbolic-flags
0x0000000000029808\t         1        0  ___U_______Ma__H_G___\tuptodate,mmap,anonymous,compound_head,huge
0x0000000000031808\t    262143     1023  ___U_______Ma___TG___\tuptodate,mmap,anonymous,compound_tail,huge
             total\t    262144     1024
`;
  expect(totalInPageTypes(text)).toBe(1024);
});
