/** The public types of regions. */
import type { BackingKind, Source } from '../host/explain/types.js';
import type { Size } from '../units.js';
import type { HugePagesError } from '../errors.js';
import type { RunState } from '../page-runs.js';
import type { Seal } from './seals.js';

export type { BackingKind, Seal, Source };

/** What the kernel says a region is made of, read at that moment. */
export interface Backing {
  /**
   * `hugetlb`: pages of a pool. `thp`: at least half of what is present is in transparent huge pages, or nothing is present yet and
   * a fault would be served by one. `base`: anything else.
   */
  readonly kind: BackingKind;
  /** Bytes per page of that kind. */
  readonly pageSize: number;
  /** Bytes populated. */
  readonly presentBytes: number;
  /** Bytes populated in pages larger than the base page. */
  readonly hugeBytes: number;
}

/** Where {@link Region.move} goes. */
export type MoveOptions = Pick<AllocateOptions, 'alignment' | 'addressHint'>;

/** One backing that {@link allocate} tried. */
export interface Attempt {
  readonly backing: BackingKind;
  /** Bytes per page. */
  readonly pageSize: number;
  /** What ruled it out; undefined for the one that was taken. */
  readonly error?: HugePagesError;
  /** Why a backing that was taken is less than was hoped for, such as a collapse that the kernel refused. */
  readonly note?: string;
}

/** Where a region's pages come from on machines with several NUMA nodes: mbind(2). */
export interface NumaPolicy {
  readonly mode: 'bind' | 'preferred' | 'interleave' | 'local';
  /** Node numbers; empty for `local`. */
  readonly nodes?: readonly number[];
}

/** How memory is populated. */
export interface PrefaultOptions {
  /** Return the region at once and populate behind it; `region.ready` is the promise. */
  readonly background?: boolean;
  /** Threads, 1 to 1024. Default: the CPUs of this process's cpuset, or of `nodes` in it. */
  readonly threads?: number;
  /** Pin the threads to the CPUs of these NUMA nodes. Default: those of the region's own policy, where this thread allocated it. */
  readonly nodes?: readonly number[];
  /** Stops within one chunk (about 5 ms, at least one page). */
  readonly signal?: AbortSignal;
  /** Called on the event loop at most 30 times a second, and once at the end. */
  readonly onProgress?: (progress: PrefaultProgress) => void;
}

/** {@link PrefaultOptions} for a part of a region that exists. */
export interface RangePrefaultOptions extends Omit<PrefaultOptions, 'background'> {
  /** Bytes from the start of the region, a multiple of its page size. Default 0. */
  readonly offset?: number;
  /** Bytes, a multiple of the page size. Default: to the end. */
  readonly length?: number;
}

/** How a part is populated again: without `offset` and `length`, which are arguments of their own. */
export type RefillOptions = Omit<PrefaultOptions, 'background'>;

/** What `onProgress` is told. */
export interface PrefaultProgress {
  /** Bytes populated so far, of `totalBytes`. */
  readonly populatedBytes: number;
  readonly totalBytes: number;
}

/** What a finished prefault did. */
export interface PrefaultResult {
  /** Bytes of the range that are present. */
  readonly populatedBytes: number;
  readonly threads: number;
  /** Milliseconds from the first fault to the last. */
  readonly milliseconds: number;
}

/** How memory is zeroed. */
export interface ZeroOptions {
  /** Threads, 1 to 1024. Default: the CPUs of this process's cpuset. */
  readonly threads?: number;
  /** Stops within one chunk (about 5 ms). */
  readonly signal?: AbortSignal;
  /** Called on the event loop at most 30 times a second, and once at the end. */
  readonly onProgress?: (progress: ZeroProgress) => void;
}

/** What `onProgress` of a zeroing is told. */
export interface ZeroProgress {
  /** Bytes zeroed so far, of `totalBytes`. */
  readonly zeroedBytes: number;
  readonly totalBytes: number;
}

/** What a finished zeroing did. */
export interface ZeroResult {
  /** Bytes that zeros were stored to. */
  readonly zeroedBytes: number;
  /** Bytes whose pages could not be had: holes, which read as zeros once they are filled. */
  readonly holeBytes: number;
  readonly threads: number;
  readonly milliseconds: number;
}

/** What {@link allocate} is asked. */
export interface AllocateOptions {
  /** Bytes, 1 to 2^47, rounded up to whole pages of the backing that is taken. */
  readonly size: Size;
  /**
   * Page size of the hugetlb pool: a size, `'default'` for the kernel's default pool, or `'largest'`: every pool whose page is not
   * larger than `size`, largest first. Default `'default'`.
   */
  readonly pageSize?: Size;
  /** Order of preference. Default `['hugetlb', 'thp', 'base']`; `['hugetlb']` is strict. */
  readonly backing?: readonly BackingKind[];
  /**
   * What is mapped. `anonymous`: memory of this process, mmap(2). `memfd`: memory that other processes can be given, memfd_create(2) with
   * MFD_HUGETLB (Linux 4.14). `file`: a file on a hugetlbfs mount, always of hugetlb pages. `sysv`: a System V segment, shmget(2). But for
   * `anonymous`, nothing of it outlives its last mapping, however its holders end, unless it is `persistent`. Default `anonymous`.
   */
  readonly source?: Source;
  /**
   * Of source `file`: the file to make, or a directory to make one without a name in. Default: a mount that `findMount()` finds. The name
   * of a file that is not persistent goes at once.
   */
  readonly path?: string;
  /** Of source `memfd`: a part of its name in `/proc/PID/maps`, at most 200 bytes. */
  readonly name?: string;
  /** Of source `sysv`: an int32 other than 0. Default: IPC_PRIVATE. */
  readonly key?: number;
  /** Of sources `file`, with a `path`, and `sysv`, with a `key`: it outlives its holders until somebody removes it. Default false. */
  readonly persistent?: boolean;
  /** With `persistent`: whether one that is there already, of the same size, is taken with what it holds. Default `refuse`. */
  readonly existing?: 'refuse' | 'adopt';
  /** Of source `memfd`: what it is sealed against as soon as it is mapped. `'write'` takes `shared: false`. Default: none of these. */
  readonly seals?: readonly Seal[];
  /** MAP_SHARED instead of MAP_PRIVATE. Default false for `anonymous`, true for the other sources; `sysv` is always shared. */
  readonly shared?: boolean;
  /** Populate before the promise settles. Default true. */
  readonly prefault?: boolean | PrefaultOptions;
  /**
   * Default true. False is MAP_NORESERVE: the mapping succeeds without pages in the pool, and a touch that then finds none is SIGBUS,
   * which kills the process. Populate such a region with {@link Region.prefault}, which reports it instead.
   */
  readonly reserve?: boolean;
  readonly numa?: NumaPolicy;
  /**
   * Whether children of fork(2) have the memory. Default `exclude` (MADV_DONTFORK) for private regions, because a private hugetlb
   * mapping that crosses a fork costs pool pages or kills the child; `inherit` for shared ones.
   */
  readonly onFork?: 'exclude' | 'inherit';
  /**
   * What a touch does that finds no page: of a region without a reservation on an empty pool, over a cgroup's `max`, in a hole that
   * somebody else filled first, beyond the end of a file. `signal`, the default: the process dies by SIGBUS. `degrade`: the page becomes
   * one of zeroed base pages, private to this process, and the region emits `degraded`. System calls answer EFAULT all the same, and
   * memory errors end the process.
   */
  readonly onExhaustion?: 'signal' | 'degrade';
  /** Alignment of the address in bytes: a power of two, at most 2^40. The page size of the backing is always kept. */
  readonly alignment?: Size;
  /** One inaccessible base page before and after the region, for native code that runs over. Default false. */
  readonly guard?: boolean;
  /** An address that mmap(2) may use if it is free; it is rounded, and the region may be elsewhere. */
  readonly addressHint?: bigint;
}

/** {@link AllocateOptions} of `allocateSync`: nothing that needs the event loop. */
export interface AllocateSyncOptions extends Omit<AllocateOptions, 'prefault'> {
  readonly prefault?: boolean | Pick<PrefaultOptions, 'threads' | 'nodes'>;
}

/** One page that could not be had, and is base pages now: what listeners of `degraded` get. */
export interface DegradedPage {
  /** Bytes from the start of the region. */
  readonly offset: number;
  /** Bytes: a page of the region, or a base page where it is on transparent huge pages. */
  readonly length: number;
  /** Pages before this one of which no event told, because there were too many at once. */
  readonly missed: number;
}

/** What of a region is base pages because its own could not be had. */
export interface DegradedPages {
  readonly pages: number;
  readonly bytes: number;
}

/** A part of a region in which all pages are in the same state. */
export interface ResidencyRun extends RunState {
  /** Bytes from the start of the region. */
  readonly offset: number;
  readonly length: number;
}

/** What `region.residency()` returns. */
export interface Residency {
  readonly runs: readonly ResidencyRun[];
  readonly presentBytes: number;
  readonly absentBytes: number;
  /** Whether the kernel shows frame numbers to this process (CAP_SYS_ADMIN), also where nothing is present. */
  readonly frames: boolean;
}

/** A part of a region that was written. */
export interface WrittenRange {
  /** Bytes from the start of the region. */
  readonly offset: number;
  readonly length: number;
}

/** Names a region to other threads and processes. Survives structured clone and JSON. */
export interface RegionToken {
  readonly type: 'hugepages.region';
  readonly version: 1;
  /** The process that holds the region, as a random identity. */
  readonly process: string;
  readonly id: string;
  readonly byteLength: number;
  readonly pageSize: number;
  readonly backing: BackingKind;
  readonly source: Source;
  /** Of a memfd; a file of hugetlbfs has `seal`, as it can have no others. */
  readonly seals: readonly Seal[];
  /** How other processes find what it maps; left out where they cannot have it. */
  readonly object?: SharedObject;
  /** Of all the other fields: a token that was altered is refused. */
  readonly check: string;
}

/** How a process finds what a region of another one maps: one of `path`, `shmid`, and `pid` with `fd`. */
export interface SharedObject {
  /** What is there has to have the same: see docs/sharing.md. */
  readonly identity: string;
  /** A persistent file. */
  readonly path?: string;
  /** A System V segment. */
  readonly shmid?: number;
  /** A descriptor of the process that made the token. */
  readonly pid?: number;
  readonly fd?: number;
  /** In which `pid` or `shmid` means this. */
  readonly namespace?: string;
}

/** What `Region.attach()` takes. */
export interface AttachOptions {
  /** With `read`, **JavaScript that writes to it dies by SIGSEGV**. Default `read-write`. */
  readonly access?: 'read-write' | 'read';
  /**
   * What a touch does that finds no page, as of {@link AllocateOptions}: what whoever allocated the memory said is of his mapping.
   * `degrade`: base pages take the place of the page **in this mapping alone**; what is written there nobody else sees. Default `signal`.
   */
  readonly onExhaustion?: 'signal' | 'degrade';
}

/** What `region.sendTo()` takes. */
export interface SendOptions {
  /** Milliseconds for the whole of it, Infinity for none. Default: 10 seconds for the sender, none for the receiver. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  /**
   * Whom to trust: SO_PEERCRED. `same-user` is the same effective user, or root. `any-user` is whoever can reach the socket; to a path on
   * which a receiver says so everybody can connect who may search its directory. Default `same-user`.
   */
  readonly peer?: 'same-user' | 'any-user';
}

/** What `Region.receive()` takes. */
export interface ReceiveOptions extends SendOptions, AttachOptions {}

/** How a wait ended, in the words of `Atomics.wait`. */
export type WaitResult = 'ok' | 'not-equal' | 'timed-out';

/** What `region.wait()` takes. */
export interface WaitOptions {
  /** Milliseconds, parts of them as well. Default: none. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** What `region.view()` makes: a typed array's constructor, or DataView. */
export interface ViewConstructor<T> {
  new (buffer: ArrayBuffer, byteOffset: number, length: number): T;
  readonly BYTES_PER_ELEMENT?: number;
}

/** What a range of a region allows. */
export type Protection = 'none' | 'read' | 'read-write';
