/** What the methods of a region work with: its handle, what is known of it, and the checks that they share. */
import { checkPart } from '../arguments.js';
import type { Part } from '../arguments.js';
import { HugePagesError } from '../errors.js';
import type { Request } from '../host/explain/types.js';
import { native } from '../native.js';
import { Kind, SourceKind } from '../native/regions.js';
import { formatSize } from '../units.js';
import { describe } from './describe.js';
import type { RegionFacts } from './describe.js';
import { READ_ONLY, attempt } from './failures.js';
import type { Remedies, Target } from './failures.js';
import type { Site } from './leaks.js';
import { populate, toResult } from './populate.js';
import type { PrefaultPlan } from './prefault-options.js';
import type { PrefaultResult } from './types.js';
import { MAX_BUFFER_BYTES, arrayBuffer } from './views.js';

const BACKING_KINDS = ['hugetlb', 'thp', 'base'] as const satisfies readonly (keyof typeof Kind)[];

/** What a hold is made of. */
export interface HoldInit {
  handle: number;
  /** What was asked for; undefined for an attached region. */
  request?: Request | undefined;
  /** Where the region was made, if it is to be watched. */
  site?: Site;
  /** Where others may have asked for it already. */
  id?: string;
}

export class Hold {
  /** The Region: whoever works with its hold keeps it from being collected. */
  readonly owner: object;
  readonly handle: number;
  readonly request: Request | undefined;
  /** Of a file that keeps its name; empty for all others. */
  readonly path: string;
  disposed = false;
  /** Until `leaks.ts` has it as text. */
  site: Site | undefined;
  #id: string | undefined;
  #facts: RegionFacts;
  #whole: ArrayBuffer | undefined;

  constructor(owner: object, { handle, request, site, id }: HoldInit) {
    this.owner = owner;
    this.handle = handle;
    this.request = request;
    this.site = site;
    this.#id = id;
    this.#facts = describe(handle);
    this.path = this.#facts.source === SourceKind.file ? native.path(handle) : '';
  }

  /** Drawn when it is first asked for: most regions are known to their maker only. */
  get id(): string {
    return (this.#id ??= this.disposed ? native.newId() : native.id(this.handle));
  }

  get address(): bigint {
    return BigInt(this.#facts.address);
  }

  get facts(): RegionFacts {
    return this.#facts;
  }

  /** The memory has other addresses: what was known of them is asked again. */
  refresh(): void {
    this.#facts = describe(this.handle);
    this.#whole = undefined;
  }

  get target(): Target {
    const { kind, pageSize, byteLength } = this.#facts;
    return { backing: BACKING_KINDS[kind] ?? 'base', pageSize, byteLength, request: this.request };
  }

  /** Runs a native call on the region; a failed system call becomes an error that says what was being done. */
  call<T>(what: string, call: (handle: number) => T, remedies?: Remedies): T {
    return attempt(`Cannot ${what} a region of ${formatSize(this.#facts.byteLength)}`, () => call(this.handle), remedies);
  }

  /** Refuses what would write to memory that was attached for reading, before a part of it is done. */
  checkWritable(what: string): void {
    if (this.#facts.writable) return;
    const { byteLength } = this.#facts;
    throw new HugePagesError('ERR_HUGEPAGES_PERMISSION', `Cannot ${what} a region of ${formatSize(byteLength)}`, { remedy: READ_ONLY });
  }

  /** A part of the region in whole bytes. */
  part(byteOffset: unknown, byteLength: unknown, names: [string, string] = ['byteOffset', 'byteLength']): Part {
    return checkPart(byteOffset, byteLength, this.#facts.byteLength, 1, names);
  }

  /** A part of the region in whole pages. */
  pages(offset: unknown, length: unknown, names: [string, string] = ['offset', 'length']): Part {
    return checkPart(offset, length, this.#facts.byteLength, this.#facts.pageSize, names);
  }

  /** A part of the region in the smallest units that can be given back: pages of hugetlb, base pages of other memory. */
  granules(offset: unknown, length: unknown): Part {
    return checkPart(offset, length, this.#facts.byteLength, this.granule, ['offset', 'length']);
  }

  get granule(): number {
    return this.#facts.kind === Kind.hugetlb ? this.#facts.pageSize : native.basePageSize();
  }

  /** The ArrayBuffer of the whole region: the same one each time. */
  wholeBuffer(): ArrayBuffer {
    // Empty when its holder transferred it: the memory is the region's as before, and gets another one.
    if (this.#whole === undefined || this.#whole.byteLength === 0) this.#whole = arrayBuffer(this.handle, 0, this.#facts.byteLength);
    return this.#whole;
  }

  /** An ArrayBuffer that has a part of the region, which begins at `start` of it. */
  bufferFor({ offset, length }: Part): { buffer: ArrayBuffer; start: number } {
    // Each external ArrayBuffer costs the collector; one for all views costs it once.
    if (this.#facts.byteLength <= MAX_BUFFER_BYTES) return { buffer: this.wholeBuffer(), start: offset };
    return { buffer: arrayBuffer(this.handle, offset, length), start: 0 };
  }

  populate({ offset, length }: Part, plan: PrefaultPlan): Promise<PrefaultResult> {
    this.checkWritable('populate');
    const task = { handle: this.handle, target: this.target, offset, length, plan };
    return populate(task, () => this.disposed).then(toResult);
  }

  /** {@link Hold.release} that keeps the pages. @returns a new handle of them; undefined where somebody else can reach them */
  renew(): number | undefined {
    this.disposed = true;
    this.#whole = undefined;
    return native.renew(this.handle);
  }

  release(): void {
    this.disposed = true;
    this.#whole = undefined;
    native.release(this.handle);
  }
}
