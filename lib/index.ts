/** Huge pages for Node.js: the public surface. */
export { HugePagesError } from './errors.js';
export type { ArgumentErrorCode, FailedAttempt, HugePagesErrorCode, HugePagesErrorDetails } from './errors.js';
export type { RunState } from './page-runs.js';
export type { Size } from './units.js';

export { allocate, allocateSync } from './region/allocate.js';
export { RegionCache } from './region/cache/cache.js';
export type { RegionCacheOptions, RegionCacheStats } from './region/cache/cache.js';
export { explain } from './region/explain.js';
export { Region } from './region/region.js';
export type { Advice } from './region/advice.js';
export type { DataFile, LoadOptions, StoreOptions, TransferProgress, TransferResult } from './region/files.js';
export type { DiscardOptions, DiscardResult, Hole } from './region/discard.js';
export type {
  AllocateOptions,
  AllocateSyncOptions,
  AttachOptions,
  Attempt,
  Backing,
  BackingKind,
  DegradedPage,
  DegradedPages,
  MoveOptions,
  NumaPolicy,
  PrefaultOptions,
  PrefaultProgress,
  PrefaultResult,
  Protection,
  RangePrefaultOptions,
  ReceiveOptions,
  RefillOptions,
  RegionToken,
  Residency,
  ResidencyRun,
  Seal,
  SendOptions,
  SharedObject,
  Source,
  ViewConstructor,
  WaitOptions,
  WaitResult,
  WrittenRange,
  ZeroOptions,
  ZeroProgress,
  ZeroResult,
} from './region/types.js';
export { WriteTracker } from './region/write-tracker.js';

export { cgroupLimits } from './host/cgroups.js';
export type {
  CgroupLevel,
  CgroupLimits,
  CgroupOptions,
  HugetlbCgroupLevel,
  HugetlbCgroupLimits,
  MemoryCgroupLevel,
} from './host/cgroups.js';
export { container } from './host/container.js';
export type { ContainerState } from './host/container.js';
export { doctor } from './host/doctor/doctor.js';
export type { Finding } from './host/doctor/finding.js';
export type { CandidateDiagnosis, Diagnosis, Reason } from './host/explain/types.js';
export type { Change as JournalChange } from './host/journal/change.js';
export { restore } from './host/journal/restore.js';
export type { RestoreOptions, RestoredEntry } from './host/journal/restore.js';
export type { UndoneChange } from './host/journal/undo.js';
export { limits } from './host/limits.js';
export type { ProcessLimits } from './host/limits.js';
export { memoryState } from './host/memory.js';
export type { MemoryState } from './host/memory.js';
export { findMount } from './host/mounts/find-mount.js';
export type { FindMountOptions } from './host/mounts/find-mount.js';
export { mountHolders } from './host/mounts/holders.js';
export type { MountHolder, MountHolders, MountUse } from './host/mounts/holders.js';
export { leftovers } from './host/mounts/leftovers.js';
export type { Leftover, Leftovers, LeftoversOptions } from './host/mounts/leftovers.js';
export { ensureMount, mount } from './host/mounts/mount.js';
export type { MountResult } from './host/mounts/mount.js';
export { mounts } from './host/mounts/mounts.js';
export type { HugetlbfsMount, MountsOptions } from './host/mounts/mounts.js';
export type { MountOptions } from './host/mounts/options.js';
export type { MountDifference } from './host/mounts/request.js';
export { unmount, unmountSync } from './host/mounts/unmount.js';
export type { UnmountOptions, UnmountResult } from './host/mounts/unmount.js';
export { mountUsage } from './host/mounts/usage.js';
export type { MountUsage, Quota } from './host/mounts/usage.js';
export { nodeMemory } from './host/node-memory.js';
export type { NodeMemory } from './host/node-memory.js';
export { numaNodes } from './host/numa.js';
export type { NumaNode } from './host/numa.js';
export { demote } from './host/pools/demote.js';
export { pool, pools } from './host/pools/pools.js';
export type { NodePool, PoolSnapshot } from './host/pools/pools.js';
export { growPool, setPool, setPoolSync } from './host/pools/set-pool.js';
export type { PoolChangeOptions } from './host/pools/set-pool.js';
export type {
  Demotion,
  DemotionResult,
  NodeGrant,
  PoolChange,
  PoolChangeResult,
  PoolGrowth,
  PoolInterference,
  PoolPolicy,
  PoolWrite,
  ShortageOptions,
} from './host/pools/types.js';
export type { ResourceLimit } from './host/process-status.js';
export type { Remedy } from './host/remedy.js';
export { setThp } from './host/set-thp.js';
export type { SetThpOptions, ThpChange, ThpChangeResult, ThpWrite } from './host/set-thp.js';
export type { ShortPool } from './host/setup/apply.js';
export type { LeftItem } from './host/setup/changes.js';
export type { Step as SetupStep } from './host/setup/items.js';
export type { MountPlan, PoolPlan, SetupPlan } from './host/setup/plan.js';
export { setup } from './host/setup/setup.js';
export type { SetupOptions, SetupResult } from './host/setup/setup.js';
export type { RootOptions } from './host/text.js';
export { thp } from './host/thp.js';
export type { ThpState } from './host/thp.js';
export { vmstat } from './host/vmstat.js';
export type { VmstatCounters } from './host/vmstat.js';

export { addressSpace } from './inspect/address-space/address-space.js';
export type { AddressSpace, AddressSpaceMapping, AddressSpaceOptions } from './inspect/address-space/address-space.js';
export type { PageKind, PageShare } from './inspect/address-space/pages.js';
export { leaks } from './inspect/ledger/leaks.js';
export type { Leak, LeakedChanges, LeakedFile, LeakedPages, LeakedSegment, Leaks } from './inspect/ledger/leaks.js';
export { ledger } from './inspect/ledger/ledger.js';
export type {
  Ledger,
  LedgerCounts,
  LedgerHolder,
  LedgerIpcNamespace,
  LedgerOptions,
  LedgerPool,
  LedgerRow,
  LedgerSegment,
  LedgerSurplus,
  MountRow,
  ObjectRow,
  PrivateRow,
  ResidueRow,
  UndeterminedRow,
} from './inspect/ledger/types.js';
export { pagemap } from './inspect/pagemap/pagemap.js';
export type { AddressRange, PageMap, PageMapOptions, PageMapRun } from './inspect/pagemap/pagemap.js';
export { processAccount } from './inspect/processes/account.js';
export type { ProcessAccount, ProcessEntry, UnreadableProcess, VanishedProcess } from './inspect/processes/account.js';
export type { ContainerId } from './inspect/processes/container-id.js';
export type { ProcessIdentity } from './inspect/processes/identity.js';
export type { MappingAccount } from './inspect/processes/mappings.js';
export type { ProcessOrder } from './inspect/processes/order.js';
export { processes } from './inspect/processes/processes.js';
export type { ProcessesOptions } from './inspect/processes/processes.js';
export type { SelectionOptions } from './inspect/processes/selection.js';
export type { HugePageUse, HugetlbUse, NodeUse } from './inspect/processes/use.js';
export type { FileName } from './inspect/procfs/file-name.js';
export type { Mapping } from './inspect/procfs/maps.js';
export type { Figures, MappingDetails } from './inspect/procfs/smaps.js';

export { benchAccess } from './bench/access.js';
export { benchAdvise } from './bench/advise.js';
export type { BenchAdvice, BenchAdviseOptions, BenchAdviseResult } from './bench/advise.js';
export { followChase, layChase } from './bench/chase.js';
export type { ChaseOptions } from './bench/chase.js';
export { compareBenches } from './bench/compare.js';
export type { BenchComparison, BenchDifference } from './bench/compare.js';
export { benchFork } from './bench/fork.js';
export { benchPrefault } from './bench/prefault.js';
export { benchShare } from './bench/share.js';
export type { Ratio as BenchRatio, Summary as BenchSummary } from './bench/statistics.js';
export { benchTlb } from './bench/tlb/tlb.js';
export type { PageSizeVerdict, TlbGain, TlbKnee, BenchTlbOptions, BenchTlbResult } from './bench/tlb/types.js';
export type {
  BenchBacking,
  BenchCounter,
  BenchEngine,
  BenchFigure,
  BenchMachine,
  BenchOptions,
  BenchProgress,
  BenchResult,
  SizedBenchOptions,
} from './bench/types.js';
