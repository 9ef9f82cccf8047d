/** Carries out the steps of a setup, so that it can be killed after any of them. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { HugePagesError } from '../../errors.js';
import type { RootOptions } from '../text.js';
import { readItem, writeItem } from './access.js';
import type { Changes, LeftItem } from './changes.js';
import { holds } from './directories.js';
import { removeTemporary } from './files.js';
import { findItem, isLive } from './items.js';
import type { RecordedItem, Step } from './items.js';
import { forgetLeftOf, isRunningMachine, readLiveItem } from './live.js';
import { pagesOf, parsePageCounts } from './page-counts.js';
import type { PageCounts } from './page-counts.js';
import { writeRecord } from './record.js';
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
 * @throws HugePagesError of the step that failed, after those before it were taken back
 */
export async function applyChanges(changes: Changes, recorded: readonly RecordedItem[], options: RootOptions): Promise<Outcome> {
  for (const item of recorded) if (!isLive(item)) removeTemporary(item, options);
  forgetLeftOf(recorded);
  const record = new RecordWriter(recorded, options);
  record.save(changes.record);

  const left: LeftItem[] = [];
  const done: Step[] = [];
  for (const { item, step } of changes.takenBack) {
    if (holds(item, [...changes.left, ...left])) continue;
    const reason = step === undefined ? undefined : await takeBack(step, options);
    if (reason === undefined) record.save(record.items.filter((other) => other !== item));
    else left.push({ path: item.path, reason });
    if (step !== undefined && reason === undefined) done.push(step);
  }

  try {
    for (const step of changes.made) {
      done.push(step);
      await writeItem(step, step.after, false, options);
    }
  } catch (error) {
    record.save(changes.record);
    const stuck: Step[] = [];
    for (const step of done.reverse()) if ((await takeBack({ ...step, after: step.before }, options)) !== undefined) stuck.push(step);
    record.save(record.items.flatMap((item) => (findItem(stuck, item) ? item : (findItem(recorded, item) ?? []))));
    throw error;
  }
  record.save(record.items.map((item) => ({ ...item, ours: item.ours.slice(-1) })));
  return { steps: done, left: [...left, ...(await reloadUnits(done, options))], short: changes.made.flatMap(shortage) };
}

/** Writes the record where it changes. */
class RecordWriter {
  items: readonly RecordedItem[];
  readonly #options: RootOptions;

  constructor(items: readonly RecordedItem[], options: RootOptions) {
    this.items = items;
    this.#options = options;
  }

  save(items: readonly RecordedItem[]): void {
    if (JSON.stringify(items) !== JSON.stringify(this.items)) writeRecord(items, this.#options);
    this.items = items;
  }
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
