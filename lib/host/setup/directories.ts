/** Directories that setup has made: which of them stay when everything else is taken back. */
import { readdirSync } from 'node:fs';
import { temporaryName } from '../journal/durable.js';
import { underRoot } from '../text.js';
import type { RootOptions } from '../text.js';
import type { Changes, LeftItem, TakenBack } from './changes.js';
import type { Item } from './items.js';

/** A directory goes with the last thing in it that is to be taken back. */
export function holds({ kind, path }: Item, left: readonly LeftItem[]): boolean {
  return kind === 'directory' && left.some((other) => other.path === path || other.path.startsWith(`${path}/`));
}

/** What is taken back, without the steps that would remove directories which others have put something into, or mounted on. */
export function withoutUsed({ takenBack, left }: Changes, options: RootOptions): TakenBack[] {
  const gone = new Set<string>();
  // What is in a directory comes before it.
  return takenBack.map((element) => {
    const { item, step } = element;
    const { kind, path } = item;
    // The mount hides what is in the directory that it goes from.
    const isUsed = (): boolean => !gone.has(path) && entriesOf(path, options).some((entry) => !gone.has(entry));
    if (step !== undefined && kind === 'directory' && (holds(item, left) || isUsed())) return { item };
    if (kind === 'file' || kind === 'link') gone.add(temporaryName(path));
    if (step !== undefined && step.after === undefined) gone.add(path);
    return element;
  });
}

function entriesOf(directory: string, options: RootOptions): string[] {
  return readdirSync(underRoot(directory, options)).map((entry) => `${directory}/${entry}`);
}
