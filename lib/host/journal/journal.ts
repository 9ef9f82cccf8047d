/** What a program has changed on the machine for a while, noted before each change, so that it is undone whatever becomes of it. */
import type { RootOptions } from '../text.js';
import type { Change } from './change.js';
import { entryFile, removeEntry, writeEntry } from './entry.js';
import { thisProcess } from './owner.js';
import { undoChanges } from './undo.js';
import type { UndoneChange } from './undo.js';

/** A change in the journal; {@link Journal.amend} takes it. */
export interface Recorded<C extends Change = Change> {
  readonly change: C;
}

/**
 * One purpose's part of the journal, a file of its own below `/run/hugepages`. Every method is synchronous, so that a listener of
 * `exit` can undo. What a killed program leaves there is undone by {@link restore}.
 */
export class Journal {
  readonly #purpose: string;
  readonly #file: string;
  readonly #options: RootOptions;
  #changes: Recorded[] = [];

  private constructor(purpose: string, file: string, options: RootOptions) {
    this.#purpose = purpose;
    this.#file = file;
    this.#options = options;
  }

  /**
   * Nothing is written before the first change is recorded.
   *
   * @param purpose - for people: `hugepages demo`
   */
  static open(purpose: string, options: RootOptions = {}): Journal {
    return new Journal(purpose, entryFile(thisProcess(), Number(process.hrtime.bigint()), options), options);
  }

  /** The changes that {@link undo} would take back, in the order they were made. */
  get changes(): readonly Change[] {
    return this.#changes.map(({ change }) => change);
  }

  /**
   * Notes a change that is about to be made. It is in the file, and the file on its medium, when this returns.
   *
   * @throws HugePagesError `ERR_HUGEPAGES_PERMISSION`, `ERR_HUGEPAGES_SYSTEM` when it cannot be noted: then do not make the change
   */
  record<C extends Change>(change: C): Recorded<C> {
    const recorded = { change };
    this.#write([...this.#changes, recorded]);
    return recorded;
  }

  /** Notes what became of a recorded change: how many pages the kernel granted, the id of a mount. */
  amend<C extends Change>(recorded: Recorded<C>, change: C): Recorded<C> {
    const amended = { change };
    this.#write(this.#changes.map((other) => (other === recorded ? amended : other)));
    return amended;
  }

  /** Takes the changes back, the last one first. What cannot be taken back stays noted, for {@link restore}. */
  undo(): UndoneChange[] {
    return undoChanges(this.changes, this.#options, (changes) => {
      this.#write(changes.map((change) => ({ change })));
    });
  }

  /** The changes stay, and are no longer to be undone. */
  keep(): void {
    this.#write([]);
  }

  #write(changes: Recorded[]): void {
    if (changes.length > 0) writeEntry(this.#file, { purpose: this.#purpose, changes: changes.map(({ change }) => change) }, this.#options);
    else if (this.#changes.length > 0) removeEntry(this.#file, this.#options);
    this.#changes = changes;
  }
}

/** @throws HugePagesError of the first change that could not be taken back, after all others were */
export function undoAll(journal: Journal): void {
  const failed = journal.undo().find(({ error }) => error !== undefined);
  if (failed?.error !== undefined) throw failed.error;
}
