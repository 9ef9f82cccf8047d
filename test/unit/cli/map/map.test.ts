import { expect, it } from 'vitest';
import { map } from '../../../../lib/cli/map.js';
import { usageMessage } from '../../../../lib/cli/usage.js';

it.each([
  [[], 'one PID is needed, and 0 are given'],
  [['1', '2'], 'one PID is needed, and 2 are given'],
  [['self'], "PID must be a whole number, not 'self'"],
  [['0'], 'PID must be an integer >= 1'],
  [['4194305'], 'PID must be an integer >= 1 and <= 4194304'],
  [['1', '--json', '--svg', 'x'], '--json and --svg'],
  [['1', '--svg'], "Option '--svg <value>' argument missing"],
  [['1', '--every'], "Unknown option '--every'"],
])('hugepages map %j is refused', async (args: string[], message) => {
  const error: unknown = await Promise.resolve(map.run(args)).catch((reason: unknown) => reason);
  expect(usageMessage(error, map.help)).toContain(message);
});
