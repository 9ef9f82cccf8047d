/** The pool before and after. */
import type { PoolSnapshot } from '../../host/pools/pools.js';
import { pool } from '../../host/pools/pools.js';
import { bad, good, table } from '../render.js';
import type { Stage } from './stage.js';

/** The default pool at the start and at the end; neither where the kernel has none. */
export interface Aftermath {
  readonly before?: PoolSnapshot;
  readonly after?: PoolSnapshot;
  /** Whether all counters are what they were. Also false when other processes changed the pool meanwhile. */
  readonly equal: boolean;
}

/** Reads the pool once more, after everything has been given back. */
export function compareWithStart(before: PoolSnapshot | undefined, stage: Stage): Aftermath {
  stage.title('Afterwards');
  const after = before && pool(before.pageSize);
  if (before === undefined || after === undefined) {
    stage.say('  There is no pool to put back.');
    return { equal: true };
  }
  const row = (name: string, { total, free, reserved, surplus }: PoolSnapshot): string[] => [
    name,
    ...[total, free, reserved, surplus].map(String),
  ];
  const equal = row('', before).join() === row('', after).join();
  stage.say(
    ...table([['pool (pages)', 'total', 'free', 'reserved', 'surplus'], row('at the start', before), row('now', after)]),
    equal
      ? good('  Everything was given back: the pool is as it was')
      : bad('  What the demo added was given back; the pool differs, so another process uses it or changed it meanwhile'),
  );
  return { before, after, equal };
}
