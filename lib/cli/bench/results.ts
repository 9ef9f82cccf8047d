/** What reads results: the actions of `hugepages bench` that work on any machine, also where the addon cannot be loaded. */
import { parseArgs } from 'node:util';
import { compareBenches } from '../../bench/compare.js';
import { UsageError } from '../command.js';
import { print } from '../output.js';
import { readResult } from './read-result.js';
import { renderComparison } from './render-comparison.js';
import { prepareReport } from './report/report.js';

const flag = { type: 'boolean' } as const;

export function compare(args: string[]): number {
  const { values, positionals } = parseArgs({ args, options: { json: flag, all: flag }, allowPositionals: true });
  const [before, after, ...more] = positionals;
  if (before === undefined || after === undefined || more.length > 0) throw new UsageError('compare takes two files');
  const comparison = compareBenches(readResult(before), readResult(after));
  print(comparison, values.json, (shown) => renderComparison(shown, values.all === true));
  return comparison.differences.some(({ verdict }) => verdict === 'worse') ? 1 : 0;
}

export async function report(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: { html: { type: 'string' } }, allowPositionals: true });
  if (values.html === undefined || positionals.length === 0) throw new UsageError('report takes files that --json has written, and --html');
  const write = await prepareReport(values.html);
  await write(positionals.map(readResult));
  return 0;
}
