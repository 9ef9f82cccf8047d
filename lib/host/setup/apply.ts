/** Carries out the steps of a setup, so that it can be killed after any of them. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { isDeepStrictEqual, promisify } from 'node:util';
import { abortError, HugePagesError } from '../../errors.js';
import type { RootOptions } from '../text.js';
import { readItem, writeItem } from './access.js';
import type { Changes, LeftItem } from './changes.js';
import { holds } from './directories.js';
import { removeTemporary } from './files.js';
import { findItem, isLive } from './items.js';
import type { Item, RecordedItem, Step } from './items.js';
import { forgetLeftOf, isRunningMachine, readLiveItem } from './live.js';
import { pagesOf, parsePageCounts } from './page-counts.js';
import type { PageCounts } from './page-counts.js';
import { writeRecord } from './record.js';
import type { SetupRecord } from './record.js';
import { UNITS } from './wanted.js';

/** A pool of which the kernel granted less than was asked for. */
export interface ShortPool {
  readonly path: string;
  readonly requested: number;
  readonly granted: number;
}

/** What was done, and what did not become as it should. */
export interface Outcome {
  readonly steps: readonly Step[];
  readonly left: readonly LeftItem[];
  readonly short: readonly ShortPool[];
}

/**
 * @param recorded - the record as it is in its file
 * @throws HugePagesError of the step that failed, AbortError when the signal is aborted: after the steps before were taken back
 */
export async function applyChanges(changes: Changes, recorded: SetupRecord, options: RootOptions, signal?: AbortSignal): Promise<Outcome> {
  for (const item of recorded.items) if (!isLive(item)) removeTemporary(item, options);
  forgetLeftOf(recorded.items);
  const record = new RecordWriter(recorded, options);
  record.save(changes.record, changes.takenBack.length + changes.made.length > 0);

  const left: LeftItem[] = [];
  const done: Step[] = [];
  try {
    for (const { item, step } of changes.takenBack) {
      await pause(signal);
      if (holds(item, [...changes.left, ...left])) continue;
      const reason = step === undefined ? undefined : await takeBack(step, options);
      if (reason === undefined) record.save(record.items.filter((other) => other !== item));
      else left.push({ path: item.path, reason });
      if (step !== undefined && reason === undefined) done.push(step);
    }
    for (const step of changes.made) {
      await pause(signal);
      done.push(step);
      await writeItem(step, step.after, false, options, signal);
    }
  } catch (error) {
    record.save(changes.record);
    const stuck = await takeAllBack(done, options);
    const items = record.items.flatMap((item) => (findItem(stuck, item) ? item : (findItem(recorded.items, item) ?? [])));
    record.save(items, recorded.unfinished || stuck.length > 0);
    throw stuck.length === 0 ? error : stuckError(stuck, error);
  }
  record.save(
    record.items.map((item) => ({ ...item, ours: item.ours.slice(-1) })),
    false,
  );
  return { steps: done, left: [...left, ...(await reloadUnits(done, options))], short: changes.made.flatMap(shortage) };
}

/** Lets the event loop deliver what aborts the signal. */
async function pause(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  if (signal?.aborted === true) throw abortError(signal);
}

/** Writes the record where it changes. */
class RecordWriter {
  #record: SetupRecord;
  readonly #options: RootOptions;

  constructor(record: SetupRecord, options: RootOptions) {
    this.#record = record;
    this.#options = options;
  }

  get items(): readonly RecordedItem[] {
    return this.#record.items;
  }

  save(items: readonly RecordedItem[], unfinished = this.#record.unfinished): void {
    const record = { items, unfinished };
    if (!isDeepStrictEqual(record, this.#record)) writeRecord(record, this.#options);
    this.#record = record;
  }
}

/** The last one first. @returns those that could not be */
async function takeAllBack(steps: readonly Step[], options: RootOptions): Promise<(Item & LeftItem)[]> {
  const stuck: (Item & LeftItem)[] = [];
  for (const { kind, path, before, after } of steps.toReversed()) {
    const reason = await takeBack({ kind, path, before: after, after: before }, options);
    if (reason !== undefined) stuck.push({ kind, path, reason });
  }
  return stuck;
}

function stuckError(left: readonly (Item & LeftItem)[], cause: unknown): HugePagesError {
  const reasons = left.map(({ path, reason }) => `${path}: ${reason}`).join('; ');
  const message = cause instanceof Error ? cause.message : String(cause);
  return new HugePagesError('ERR_HUGEPAGES_SYSTEM', `Setup ended early, and not everything could be taken back (${reasons}): ${message}`, {
    details: { left },
    remedy: 'Take back the rest: sudo hugepages setup --undo',
    cause,
  });
}

/** @returns why it could not be taken back */
async function takeBack(step: Step, options: RootOptions): Promise<string | undefined> {
  try {
    // A step that failed has changed nothing, and what refused it refuses this too.
    if (readItem(step, options) !== step.after) await writeItem(step, step.after, true, options);
  } catch (error) {
    if (error instanceof HugePagesError) return error.message;
    throw error;
  }
  const [short] = shortage(step);
  return short && `the kernel found memory for ${String(short.granted)} of ${String(short.requested)} pages`;
}

/** The pool of a step when it has less than it should. */
function shortage({ kind, path, after }: Step): ShortPool[] {
  if (kind !== 'pool-pages' || after === undefined) return [];
  const [now, wanted] = [parsePageCounts(readLiveItem({ kind, path }) ?? ''), parsePageCounts(after)];
  const short = [...wanted].filter(([node, pages]) => pagesOf(now, node) < pages);
  if (short.length === 0) return [];
  const total = (counts: PageCounts): number => [...wanted.keys()].reduce((sum: number, node) => sum + pagesOf(counts, node), 0);
  return [{ path, requested: total(wanted), granted: total(now) }];
}

/** systemd reads its units when it starts; one that runs has to be told. */
async function reloadUnits(steps: readonly Step[], options: RootOptions): Promise<LeftItem[]> {
  const isUnit = ({ kind, path }: Step): boolean => (kind === 'file' || kind === 'link') && path.startsWith(UNITS);
  if (!steps.some(isUnit) || !isRunningMachine(options) || !existsSync('/run/systemd/system')) return [];
  try {
    await promisify(execFile)('systemctl', ['daemon-reload']);
    return [];
  } catch (error) {
    return [{ path: UNITS, reason: `run: systemctl daemon-reload. ${String(error)}` }];
  }
}
