/** From what there is to what is wanted: the steps, and what has to be recorded before the first of them. */
import { basename } from 'node:path';
import { HugePagesError } from '../../errors.js';
import { quote } from '../mounts/request.js';
import { SOMETHING_ELSE } from './files.js';
import { findItem, isLive } from './items.js';
import type { Item, Kind, RecordedItem, Step, Value, WantedItem } from './items.js';
import { formatPageCounts, holdsPages, pagesWithoutOurs, parsePageCounts, withForgottenNodes } from './page-counts.js';

/** Something that stays as it is, against what was asked. */
export interface LeftItem {
  readonly path: string;
  readonly reason: string;
}

/** A recorded thing that the plan does not name any more. Without a step it is as it was before already. */
export interface TakenBack {
  readonly item: RecordedItem;
  readonly step?: Step;
}

/** What a setup is going to do, in this order. */
export interface Changes {
  /** Back to what was there before the first setup; the last one that was made comes first. */
  readonly takenBack: readonly TakenBack[];
  readonly made: readonly Step[];
  /** Others changed these since. */
  readonly left: readonly LeftItem[];
  /** To be recorded before the first step: enough to take back everything, however far this gets. */
  readonly record: readonly RecordedItem[];
}

/**
 * Compares. Reads, and writes nothing.
 *
 * @throws HugePagesError `ERR_HUGEPAGES_CHANGED` when a file that setup has written was edited since, or something else is in its place
 */
export function compare(wanted: readonly WantedItem[], record: readonly RecordedItem[], read: (item: Item) => Value): Changes {
  const retired = record.filter((item) => findItem(wanted, item) === undefined).map((item) => ({ item, ...takeBack(item, read(item)) }));
  const kept = wanted.map((item) => make(item, findItem(record, item), read(item)));
  const updates = kept.flatMap(({ recorded }) => recorded ?? []);
  return {
    takenBack: retired.filter(({ reason }) => reason === undefined).reverse(),
    made: kept.flatMap(({ step }) => step ?? []),
    left: retired.flatMap(({ item: { path }, reason }) => (reason === undefined ? [] : [{ path, reason }])),
    record: [
      ...record.map((item) => findItem(updates, item) ?? item),
      ...updates.filter((item) => findItem(record, item) === undefined),
    ],
  };
}

function takeBack(item: RecordedItem, now: Value): { step?: Step; reason?: string } {
  const { kind, path, before, ours } = item;
  const step = (after: Value): { step?: Step } => (now === after ? {} : { step: { kind, path, before: now, after } });
  // What the kernel no longer has needs no taking back: such things last until the next boot.
  if (now === before || (now === undefined && isLive(item))) return {};
  if (kind === 'pool-pages' && now !== undefined && before !== undefined) {
    return step(formatPageCounts(pagesWithoutOurs(parsePageCounts(now), parsePageCounts(before), ours.map(parsePageCounts))));
  }
  // Whoever removed a file of setup has left nothing to be kept.
  if (now === undefined || ours.includes(now)) return step(before);
  if (isLive(item)) return { reason: `it was changed since, to ${now}` };
  return { reason: 'it was changed since, and counts at every boot. Keep it, or remove it and run: sudo hugepages setup --undo' };
}

function make(item: WantedItem, recorded: RecordedItem | undefined, now: Value): { step?: Step; recorded?: RecordedItem } {
  const { kind, path } = item;
  const value = recorded === undefined ? item.value : completed(item.value, recorded);
  if (now === SOMETHING_ELSE) throw inTheWay(path, kind);
  const same = now === value || (kind === 'pool-pages' && now !== undefined && holdsPages(parsePageCounts(now), parsePageCounts(value)));
  const step = same ? undefined : { kind, path, before: now, after: value };
  if (recorded === undefined) {
    return step === undefined ? {} : { step, recorded: { kind, path, ...(now !== undefined && { before: now }), ours: [value] } };
  }
  const { before, ours } = recorded;
  if (step !== undefined && (kind === 'file' || kind === 'link') && now !== before && !ours.includes(now ?? '')) throw edited(path);
  const update = { ...recorded, ours: ours.at(-1) === value ? ours : [...ours, value] };
  return { recorded: update, ...(step !== undefined && { step }) };
}

function completed(value: string, { kind, before, ours }: RecordedItem): string {
  if (kind !== 'pool-pages' || before === undefined) return value;
  return formatPageCounts(withForgottenNodes(parsePageCounts(value), parsePageCounts(before), ours.map(parsePageCounts)));
}

function inTheWay(path: string, kind: Kind): HugePagesError {
  return new HugePagesError('ERR_HUGEPAGES_CHANGED', `${path} is in the way: setup needs a ${kind} there, and it is something else`, {
    details: { path },
    remedy: `Move it away and run setup again; of a unit that is masked: systemctl unmask ${quote(basename(path))}`,
  });
}

function edited(path: string): HugePagesError {
  return new HugePagesError('ERR_HUGEPAGES_CHANGED', `${path} was edited since setup wrote it`, {
    details: { path },
    remedy: `Move what is to be kept into another file, remove this one, and run setup again: rm ${quote(path)}`,
  });
}
