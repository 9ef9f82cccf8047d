/** Taking changes back, each only as far as nobody else has changed the same thing since. */
import { HugePagesError } from '../../errors.js';
import type { RootOptions } from '../text.js';
import { readSetting, writeSetting } from '../setting.js';
import type { Change, PoolPagesChange, SettingChange } from './change.js';
import { undoPoolPages } from './undo-pool-pages.js';

/** What became of a change. */
export interface UndoneChange {
  readonly change: Change;
  /**
   * - `undone`: it is as before.
   * - `unchanged`: it was as before already.
   * - `left`: others changed it since; it stays as they made it.
   * - `failed`: see `error`; it is still in the journal.
   */
  readonly outcome: 'undone' | 'unchanged' | 'left' | 'failed';
  /** Why it was left. */
  readonly reason?: string;
  readonly error?: HugePagesError;
}

export type Undo = Omit<UndoneChange, 'change'>;

/** Notes a change in another form before it is taken back. */
export type Amend = (change: PoolPagesChange) => void;

/**
 * Takes changes back, the last one first.
 *
 * @param save - is given what is still to be taken back, whenever that has changed
 */
export function undoChanges(changes: readonly Change[], options: RootOptions, save: (changes: readonly Change[]) => void): UndoneChange[] {
  const left: (Change | undefined)[] = [...changes];
  const update = (index: number, change: Change | undefined): void => {
    left[index] = change;
    save(left.filter((other) => other !== undefined));
  };
  return changes
    .map((change, index) => ({ change, index }))
    .reverse()
    .map(({ change, index }) => {
      const outcome = tryUndo(change, options, (amended) => update(index, amended));
      if (outcome.outcome !== 'failed') update(index, undefined);
      return { change, ...outcome };
    });
}

function tryUndo(change: Change, options: RootOptions, amend: Amend): Undo {
  try {
    return undoChange(change, options, amend);
  } catch (error) {
    if (error instanceof HugePagesError) return { outcome: 'failed', error };
    throw error;
  }
}

/**
 * Takes one change back.
 *
 * @throws HugePagesError `ERR_HUGEPAGES_PERMISSION`, `ERR_HUGEPAGES_SYSTEM`, after which nothing has changed
 */
export function undoChange(change: Change, options: RootOptions, amend: Amend = () => undefined): Undo {
  switch (change.kind) {
    case 'setting':
      return undoSetting(change, options);
    case 'pool-pages':
      return undoPoolPages(change, options, amend);
  }
}

function undoSetting({ path, before, after }: SettingChange, options: RootOptions): Undo {
  const now = readSetting(path, options);
  if (now === before) return { outcome: 'unchanged' };
  if (now !== after) return { outcome: 'left', reason: `${path} is ${now ?? 'gone'}, and was set to ${after}` };
  writeSetting(path, before, options);
  return { outcome: 'undone' };
}
