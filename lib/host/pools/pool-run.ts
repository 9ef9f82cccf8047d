/** The writes of one pool change: each noted in the journal before it is made, and settled by what the kernel made of it. */
import { constants } from 'node:os';
import { HugePagesError } from '../../errors.js';
import { formatSize } from '../../units.js';
import type { PoolPagesChange } from '../journal/change.js';
import type { Journal, Recorded } from '../journal/journal.js';
import { checkWritable } from '../setting.js';
import { readNumber } from '../text.js';
import type { RootOptions } from '../text.js';
import { PoolWatch } from './interference.js';
import { teeUnder } from './numactl.js';
import { PoolLock } from './pool-lock.js';
import { persistentPages, within } from './pool-state.js';
import { pagesFile, poolDirectory } from './pools.js';
import type { PoolSnapshot } from './pools.js';
import type { Target } from './request.js';
import { alone, writing } from './steps.js';
import type { Steps } from './steps.js';
import type { PoolPolicy, PoolWrite } from './types.js';

/** The write that makes a pool, or a node's part of it, as large as the target. */
export function resizeWrite(pageSize: number, { node, pages }: Target, policy: PoolPolicy | undefined): PoolWrite {
  const value = String(pages);
  if (policy === undefined) return { path: pagesFile(pageSize, node), value };
  return { path: `${poolDirectory(pageSize)}/nr_hugepages_mempolicy`, value, policy };
}

export function overcommitWrite(pageSize: number, pages: number): PoolWrite {
  return { path: `${poolDirectory(pageSize)}/nr_overcommit_hugepages`, value: String(pages) };
}

export class PoolRun {
  /** What was written so far. */
  readonly writes: PoolWrite[] = [];
  readonly #pageSize: number;
  readonly #journal: Journal;
  readonly #watch: PoolWatch;
  readonly #options: RootOptions;

  constructor(before: PoolSnapshot, journal: Journal, options: RootOptions) {
    this.#pageSize = before.pageSize;
    this.#journal = journal;
    this.#watch = new PoolWatch(before, options);
    this.#options = options;
  }

  get interference(): PoolWatch['interference'] {
    return this.#watch.interference;
  }

  /** Nothing is half done because the second file turned out to be read-only. */
  checkWritable(writes: readonly PoolWrite[]): void {
    for (const { path, value, policy } of writes) checkWritable(path, value, this.#options, teeUnder(policy));
  }

  /** @returns the pages that were granted of it, which are negative when it shrank */
  resize(target: Target, policy: PoolPolicy | undefined): Steps<number> {
    return alone(new PoolLock(this.#pageSize, this.#options), this.#resize(target, policy));
  }

  *#resize(target: Target, policy: PoolPolicy | undefined): Steps<number> {
    const now = this.#watch.lookBefore();
    const asked = target.pages - persistentPages(now, target.node);
    if (asked === 0 || (target.atLeast === true && asked < 0)) return 0;
    const noted = this.#notes(target, asked, now).map((change) => this.#journal.record(change));
    let after = now;
    try {
      yield* this.write(resizeWrite(this.#pageSize, target, policy));
    } finally {
      // After an abort too, and as long as nobody else can change the pool: the undo takes back what is noted here.
      after = this.#settle(noted, asked, target);
    }
    return persistentPages(after, target.node) - persistentPages(now, target.node);
  }

  #settle(noted: readonly Recorded<PoolPagesChange>[], asked: number, target: Target): PoolSnapshot {
    const after = this.#watch.lookAfter(target);
    for (const recorded of noted) {
      const { node, before } = recorded.change;
      this.#journal.amend(recorded, { ...recorded.change, added: within(persistentPages(after, node) - before, asked), settled: true });
    }
    return after;
  }

  // By node, so that an undo takes from each what it got: the kernel would take evenly.
  #notes({ node }: Target, added: number, { pageSize, perNode, ...now }: PoolSnapshot): PoolPagesChange[] {
    const note = (part?: number): PoolPagesChange => {
      const before = persistentPages({ pageSize, perNode, ...now }, part);
      return { kind: 'pool-pages', pageSize, ...(part !== undefined && { node: part }), before, added };
    };
    return node === undefined && perNode.length > 1 ? perNode.map((part) => note(part.node)) : [note(node)];
  }

  *overcommit(pages: number): Steps<void> {
    const write = overcommitWrite(this.#pageSize, pages);
    const before = readNumber(write.path, this.#options);
    if (before === pages) return;
    this.#journal.record({ kind: 'setting', path: write.path, before: String(before), after: write.value });
    try {
      yield* this.write(write);
    } catch (error) {
      const refused = error instanceof HugePagesError && error.errno === -constants.errno.EINVAL;
      throw refused ? noOvercommit(this.#pageSize, error) : error;
    }
  }

  *write(write: PoolWrite): Steps<void> {
    yield* writing(write, this.#options);
    this.writes.push(write);
  }
}

function noOvercommit(pageSize: number, cause: HugePagesError): HugePagesError {
  const message = `This kernel allows no overcommit of ${formatSize(pageSize)} pages, which are gigantic: it cannot make them on demand`;
  return new HugePagesError('ERR_HUGEPAGES_UNSUPPORTED', message, {
    errno: cause.errno,
    syscall: cause.syscall,
    details: { ...cause.details, pageSize },
    remedy: 'Add pages to the pool instead, or overcommit a smaller page size',
    cause,
  });
}
