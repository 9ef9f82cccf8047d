/** Whatever a file holds is refused, or can be shown. */
import { expect, it } from 'vitest';
import { checkResult } from '../../../lib/bench/check-result.js';
import type { BenchResult } from '../../../lib/bench/types.js';
import { renderPage } from '../../../lib/cli/bench/report/page.js';
import { HugePagesError } from '../../../lib/index.js';
import { ADVISE_RESULT, FORK_RESULT, PREFAULT_RESULT, RICH_TLB_RESULT } from '../../support/bench-results.js';
import { expectArgumentError } from '../../support/hostile.js';

const OTHERS: readonly unknown[] = [undefined, null, true, 'text', -1, 0.5, Number.MAX_VALUE, [], [null], {}];

/** The value with one thing of it replaced, for each thing that it has; of lists, of their first element. */
function* changed(value: unknown, by: unknown): Generator {
  yield by;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value).slice(0, Array.isArray(value) ? 1 : undefined)) {
    for (const other of changed(part, by)) {
      yield Array.isArray(value) ? value.with(Number(key), other) : { ...value, [key]: other };
    }
  }
}

it.each([RICH_TLB_RESULT, PREFAULT_RESULT, FORK_RESULT, ADVISE_RESULT])('$benchmark', async (result) => {
  checkResult(result, 'result');
  let accepted = 0;
  for (const by of OTHERS) {
    for (const other of changed(JSON.parse(JSON.stringify(result)), by)) {
      const error = refusalOf(other);
      if (error === undefined) {
        accepted++;
        await renderPage([other as BenchResult], () => Promise.resolve('<svg viewBox="0 0 1 1"></svg>'));
      } else if (!(error instanceof HugePagesError)) expectArgumentError(error, other);
    }
  }
  expect(accepted).toBeGreaterThan(0);
});

function refusalOf(value: unknown): unknown {
  try {
    checkResult(value, 'result');
    return undefined;
  } catch (error) {
    return error;
  }
}
