/** The pages of an object that processes have mapped: the least that it has, where the kernel does not let this user ask how many. */
import { PageState } from '../../native/frames.js';
import type { SharedObject } from './objects.js';
import { entriesOf } from './page-entries.js';

export async function mappedFacts({ mappings, pageSize }: SharedObject): Promise<SharedObject['facts']> {
  const present = new Set<number>();
  let size = 0;
  for (const each of mappings) {
    const { offset, start, end } = each.mapping;
    size = Math.max(size, offset + Number(end - start));
    const states = (await entriesOf(each))?.states ?? [];
    for (const [index, state] of states.entries()) {
      const isOfFile = (state & PageState.present) !== 0 && (state & PageState.file) !== 0;
      if (isOfFile) present.add(offset + index * pageSize);
    }
  }
  return { size, allocated: present.size * pageSize };
}
