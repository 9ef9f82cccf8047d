/** What is asked of an explanation, and what it answers. */
import type { HugePagesErrorCode } from '../../errors.js';
import type { Remedy } from '../remedy.js';

/** What page tables hold: reserved huge pages, transparent huge pages, or base pages. */
export type BackingKind = 'hugetlb' | 'thp' | 'base';

/** What a region maps. */
export type Source = 'anonymous' | 'memfd' | 'file' | 'sysv';

/** Where its memory comes from. */
export interface RequestedSource {
  readonly kind: Source;
  /** Of a file, or of the directory that it is made in. Absolute; undefined: on a mount that is found. */
  readonly path: string | undefined;
  /** Of a segment; 0 is IPC_PRIVATE. */
  readonly key: number;
  readonly persistent: boolean;
  /** Whether one that is there already is taken. */
  readonly adopt: boolean;
}

/**
 * The step of an allocation: making the file or segment, mmap(2) or shmat(2) and their madvise(2), mbind(2), or populating the pages and
 * looking at what came of it.
 */
export type Step = 'make' | 'map' | 'bind' | 'populate';

/** Why a backing cannot be had. */
export interface Reason {
  /** Stable, such as `pool-too-small`; docs/explain.md lists them. */
  readonly code: string;
  /** The `code` of the error that the allocation fails with because of it. */
  readonly error: HugePagesErrorCode;
  readonly step: Step;
  readonly message: string;
  /** The facts behind the message. Sizes are bytes; pages are counts. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly remedy?: Remedy;
}

/** What would become of one backing. */
export interface CandidateDiagnosis {
  readonly backing: BackingKind;
  /** Bytes per page. */
  readonly pageSize: number;
  /** Bytes in whole pages. */
  readonly byteLength: number;
  /** Whether the allocation would take it, if none before it were possible. */
  readonly possible: boolean;
  /**
   * Every reason that rules it out, in the order in which the kernel would meet them. Of one that is possible: what a prefault in the
   * background would fail on.
   */
  readonly reasons: readonly Reason[];
}

/** What an allocation would come to. */
export interface Diagnosis {
  readonly possible: boolean;
  /** The first backing that is possible. */
  readonly backing?: { readonly kind: BackingKind; readonly pageSize: number };
  /** In the order in which they would be tried. */
  readonly candidates: readonly CandidateDiagnosis[];
}

/** One backing that is asked for. */
export interface RequestedBacking {
  readonly backing: BackingKind;
  readonly pageSize: number;
  readonly byteLength: number;
  /** Why this machine cannot have it in any state. With `ERR_HUGEPAGES_PAGE_SIZE`, nothing else is tried either. */
  readonly unavailable?: Reason;
}

/** What is asked for, with any backing. */
export interface Request {
  readonly source: RequestedSource;
  readonly reserve: boolean;
  readonly shared: boolean;
  readonly guard: boolean;
  /** Bytes; 0 for the page size of the backing. */
  readonly alignment: number;
  /** Of the policy that mbind(2) is to set; none for no policy, or for the local node. */
  readonly nodes: readonly number[];
  /** Whether that policy forbids all other nodes. */
  readonly bound: boolean;
  readonly prefault: 'now' | 'background' | 'no';
}
