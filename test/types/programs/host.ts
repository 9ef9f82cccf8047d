/** What a user may ask of the machine, and what the types keep from being asked. Compiled, never run. */
import { allocate, cgroupLimits, container, doctor, explain, memoryState, vmstat } from 'hugepages';
import { ensureMount, findMount, leftovers, mount, unmount } from 'hugepages';
import type { CgroupLimits, ContainerState, Diagnosis, Finding, HugetlbfsMount, MemoryState, Remedy, VmstatCounters } from 'hugepages';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only when its type argument is `true`. */
declare function same<_ extends true>(): void;

export function readers(): unknown[] {
  same<Equal<ReturnType<typeof cgroupLimits>, CgroupLimits>>();
  same<Equal<CgroupLimits['hugetlb'][number]['levels'][number]['reservedLimit'], number>>();
  same<Equal<ReturnType<typeof container>, ContainerState>>();
  same<Equal<ReturnType<typeof memoryState>, MemoryState>>();
  same<Equal<MemoryState['overcommitMode'], 0 | 1 | 2>>();
  same<Equal<ReturnType<typeof vmstat>, VmstatCounters>>();
  return [cgroupLimits({ pid: 1, root: '/' }), container({ root: '/recorded' }), memoryState({}), vmstat()['thp_fault_alloc']];
}

export function advice(): (Remedy | undefined)[] {
  const findings = doctor({ root: '/' });
  same<Equal<typeof findings, Finding[]>>();
  same<Equal<Finding['level'], 'ok' | 'advice' | 'problem'>>();
  same<Equal<Remedy['command'], string | undefined>>();
  return findings.map(({ remedy }) => remedy);
}

export function before(options: Parameters<typeof allocate>[0]): Diagnosis {
  const diagnosis = explain(options, { root: '/' });
  same<Equal<typeof diagnosis, Diagnosis>>();
  same<Equal<Diagnosis['possible'], boolean>>();
  same<Equal<Diagnosis['candidates'][number]['reasons'][number]['step'], 'make' | 'map' | 'bind' | 'populate'>>();
  return diagnosis;
}

export async function mounting(): Promise<HugetlbfsMount | undefined> {
  const made = mount({ path: '/mnt/huge', pageSize: '2MiB', size: '50%', minSize: 2 ** 21, uid: 1000, mode: '0700', dryRun: true });
  same<Equal<typeof made, ReturnType<typeof ensureMount>>>();
  await unmount('/mnt/huge', { dryRun: true });
  await leftovers('/mnt/huge', { remove: true });
  return findMount('2MiB', { writable: true });
}

export function wrong(): void {
  // @ts-expect-error: a root is a path
  doctor({ root: 1 });
  // @ts-expect-error: no such option
  vmstat({ names: ['thp_fault_alloc'] });
  // @ts-expect-error: size is required
  explain({ backing: ['hugetlb'] });
  // @ts-expect-error: path is required
  mount({ pageSize: '2MiB' });
  // @ts-expect-error: a share is of the pool, in per cent
  mount({ path: '/mnt/huge', size: true });
  // @ts-expect-error: a process is a number
  cgroupLimits({ pid: 'self' });
}
