/** What the page map of a process says of a mapping of huge pages. */
import { native } from '../../native.js';
import type { PageEntries } from '../../native/frames.js';
import type { HugeMapping } from './survey.js';

/** Undefined when the process is gone. */
export async function entriesOf({ process, mapping, pageSize }: HugeMapping): Promise<PageEntries | undefined> {
  const { start, end } = mapping;
  return new Promise((resolve) => {
    native.pageEntries(process.thread, pageSize, new BigUint64Array([start, end]), (_, entries) => {
      resolve(entries);
    });
  });
}
