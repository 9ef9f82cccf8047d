import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { renderFrame, renderLine } from '../../../../lib/cli/watch/frame.js';
import { History } from '../../../../lib/cli/watch/history.js';
import { tick } from '../../../../lib/cli/watch/sample.js';
import type { Tick } from '../../../../lib/cli/watch/sample.js';
import { pools } from '../../../../lib/host/pools/pools.js';
import { TWO_NODES } from '../../host/fixtures.js';

const noon = new Date(2026, 0, 1, 12).getTime();
const before = {
  time: noon - 1000,
  pools: pools(TWO_NODES),
  vmstat: { htlb_buddy_alloc_success: 0, thp_zero_page_alloc: 0, compact_stall: 2 },
};
const [small, large] = before.pools;
if (small === undefined || large === undefined) throw new Error('the tree has two pools');
const after = {
  time: noon,
  pools: [{ ...small, free: 20 }, large],
  vmstat: { htlb_buddy_alloc_success: 12, thp_zero_page_alloc: 1, compact_stall: 2 },
};

function frame(ticks: readonly Tick[], columns: number): string {
  const history = new History();
  for (const each of ticks) history.add(each);
  const last = ticks.at(-1);
  return last === undefined ? '' : stripVTControlCharacters(renderFrame(last, history, columns).join('\n'));
}

describe('renderFrame', () => {
  it('shows pools, nodes, what changed, used pages over time, and events', () => {
    expect(frame([tick(before), tick(after, before)], 80)).toBe(`hugepages watch  12:00:00

  pool (pages)    total    ±  used    ±  free    ±  reserved    ±  surplus    ±
  2MiB (default)    300        280 +100    20 -100        20            44
    node 0          200        100        100                           44
    node 1          100         80         20                            0
  1GiB                2          1          1              0             0
    node 0            2          1          1                            0
    node 1            0          0          0                            0

Used pages over time
  2MiB (default)  ▅▇
    node 0        ▅▅
    node 1        ▆▆
  1GiB            ▅▅
    node 0        ▅▅
    node 1        ▁▁

Events per second
  htlb_buddy_alloc_success  12.0
  compact_stall              0.0`);
  });

  it('keeps the bars within the terminal, the newest to the right', () => {
    const first = { ...before, pools: [{ ...small, free: 300, perNode: [] }] };
    const ticks = [tick(first), ...Array.from({ length: 9 }, () => tick({ ...first, pools: [{ ...small, free: 0, perNode: [] }] }))];
    expect(frame(ticks, 40).split('\n')).toContain(`  2MiB (default)  ▁${'█'.repeat(9)}`);
    expect(frame(ticks, 22).split('\n')).toContain(`  2MiB (default)  ${'█'.repeat(4)}`);
  });

  it('says so where there are no pools', () => {
    expect(frame([tick({ ...before, pools: [] })], 80)).toContain('none: this kernel has no hugetlb pools');
  });
});

describe('renderLine', () => {
  it('names what there is, what changed, and what happened', () => {
    const line = renderLine(tick({ ...after, pools: [{ ...small, free: 20, perNode: [] }] }, before));
    expect(line).toBe(
      '12:00:00  2MiB (default): total 300, used 280 (+100), free 20 (-100), reserved 20, surplus 44  htlb_buddy_alloc_success 12.0/s',
    );
  });
});
