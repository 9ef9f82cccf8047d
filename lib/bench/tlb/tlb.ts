/** What the TLB costs, and what huge pages save of it. */
import { checkBoolean } from '../../arguments.js';
import { backingName } from '../backing-name.js';
import { defaultBytes, parseBytes, possibleBackings } from '../backings.js';
import { LINE } from '../chase.js';
import { isViewable } from '../javascript.js';
import { Memories } from '../memories.js';
import type { Memory } from '../memories.js';
import { Session, parsePlan } from '../session.js';
import { pairedRatio } from '../statistics.js';
import type { BenchBacking, BenchFigure } from '../types.js';
import { MOST_PACKED, PAGE, measureCurve, measureInJavaScript, pageCounts } from './curve.js';
import { measureKnees } from './knees.js';
import type { PageCost } from './knees.js';
import { measureStrides } from './page-size.js';
import type { TlbGain, TlbKnee, BenchTlbOptions, BenchTlbResult } from './types.js';
import { judgePageSizes } from './verdict.js';

const ROUNDS = 11;

const PACKED_BYTES = MOST_PACKED * LINE;

/** Where JavaScript is measured: in the first cache, in the second, and with all memory. */
const SMALL_COUNTS = [256, MOST_PACKED];

/**
 * Profiles the TLB: latency by the number of pages touched, for base pages, transparent huge pages and every hugetlb pool; where its levels
 * end, what a miss costs, what huge pages gain; and whether their entries are splintered, as those of a guest are whose host backs it with
 * small pages.
 *
 * Takes some seconds, and `bytes` of each kind of page, by default what leaves half of the available memory, up to 1 GiB. What this machine
 * does not have, or this user may not, is left out and named in `notes`. All memory goes back, and pools that were grown are shrunk.
 * sched_setaffinity(2), perf_event_open(2).
 *
 * @throws TypeError, RangeError; AbortError (`ABORT_ERR`); HugePagesError `ERR_HUGEPAGES_NO_MEMORY`, `ERR_HUGEPAGES_POPULATE` without
 *   memory for base pages, `ERR_HUGEPAGES_SYSTEM`
 */
export async function benchTlb(options: BenchTlbOptions = {}): Promise<BenchTlbResult> {
  const [plan, own] = parsePlan(options, ['bytes', 'javascript'], ROUNDS);
  const asked = parseBytes(own.bytes);
  const javascript = checkBoolean(own.javascript, 'options.javascript', true);
  const session = new Session('tlb', plan);
  const memories = new Memories(session);
  try {
    const bytes = asked ?? defaultBytes(session);
    const taken = await memories.take(bytes);
    // Transparent huge pages where there are any: the packed lines shall cost the TLB nothing.
    const kinds = taken.map(({ backing }) => backing).filter(({ kind }) => kind !== 'hugetlb');
    const [packed] = await memories.take(PACKED_BYTES, { backings: kinds.toReversed() });
    if (packed === undefined) throw new TypeError('base pages are there, or an error was thrown');
    return await measure(taken, packed, { bytes, javascript }, session);
  } finally {
    memories.dispose();
  }
}

async function measure(
  memories: readonly Memory[],
  packed: Memory,
  settings: { readonly bytes: number; readonly javascript: boolean },
  session: Session,
): Promise<BenchTlbResult> {
  const { bytes, javascript } = settings;
  const counts = pageCounts(bytes);
  const inJavaScript = javascript ? countsInJavaScript(counts, session) : [];
  session.expect(counts.length + inJavaScript.length);
  const strides = await measureStrides(memories, session);
  const curve = await measureCurve(memories, packed, counts, session);
  const knees: TlbKnee[] = [];
  for (const memory of memories) knees.push(...(await measureKnees(memory, packed, costsOf(memory.backing, curve), session)));
  const scripted: BenchFigure[] = [];
  for (const count of inJavaScript) scripted.push(...(await measureInJavaScript(memories, count, session)));
  const figures = [...curve, ...scripted, ...strides];
  const known = possibleBackings().map(({ pageSize }) => pageSize);
  return {
    ...session.result(settings, figures),
    benchmark: 'tlb',
    knees,
    pageSizes: judgePageSizes(strides, known),
    gains: gainsOf([...curve, ...scripted]),
  };
}

function countsInJavaScript(counts: readonly number[], session: Session): number[] {
  const viewable = counts.filter((count) => isViewable(count * PAGE, session));
  return viewable.filter((count, index) => SMALL_COUNTS.includes(count) || index === viewable.length - 1);
}

/** What pages cost beyond what the caches do, where that was measured. */
function costsOf(backing: BenchBacking, curve: readonly BenchFigure[]): PageCost[] {
  const name = backingName(backing);
  const packed = new Map(curve.filter((figure) => figure.name === 'packed').map(({ parameter, median }) => [parameter.value, median]));
  return curve.flatMap(({ name: what, backing: kind, parameter: { value: pages }, median }) => {
    const caches = packed.get(pages);
    return what !== 'chase' || kind === undefined || backingName(kind) !== name || caches === undefined
      ? []
      : [{ pages, cost: median - caches }];
  });
}

/** At the largest number of pages that each kind and base pages were both measured with. */
function gainsOf(figures: readonly BenchFigure[]): TlbGain[] {
  const largest = new Map<string, TlbGain>();
  for (const { name, engine, backing, parameter, samples, noise = 0 } of figures) {
    if (name !== 'chase' || backing === undefined || backing.kind === 'base' || engine === 'kernel') continue;
    const pages = parameter.value;
    const base = figures.find(
      (one) => one.backing?.kind === 'base' && one.engine === engine && one.name === name && one.parameter.value === pages,
    );
    const key = `${engine} ${backingName(backing)}`;
    if (base !== undefined && pages >= (largest.get(key)?.pages ?? 0)) {
      largest.set(key, { backing, engine, pages, noise, ...pairedRatio(base.samples, samples) });
    }
  }
  return [...largest.values()];
}
