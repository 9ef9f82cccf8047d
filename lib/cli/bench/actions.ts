/** The actions of `hugepages bench`. */
import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { checkOneOf } from '../../arguments.js';
import { benchAccess } from '../../bench/access.js';
import { PATTERNS, benchAdvise } from '../../bench/advise.js';
import { compareBenches } from '../../bench/compare.js';
import { benchFork } from '../../bench/fork.js';
import { benchPrefault } from '../../bench/prefault.js';
import { benchShare } from '../../bench/share.js';
import { benchTlb } from '../../bench/tlb/tlb.js';
import type { BenchOptions, BenchResult, SizedBenchOptions } from '../../bench/types.js';
import { UsageError } from '../command.js';
import { interruptible } from '../interrupt.js';
import { print } from '../output.js';
import { countValue, sizeValue } from '../values.js';
import { readResult } from './read-result.js';
import { renderComparison } from './render-comparison.js';
import { renderAdvice, renderResult, renderTlb } from './render.js';
import { prepareReport } from './report/report.js';
import { reporter } from './reporter.js';

const flag = { type: 'boolean' } as const;
const value = { type: 'string' } as const;
const COMMON = { bytes: value, rounds: value, 'keep-pools': flag, json: flag, html: value } as const;
const MOST_ROUNDS = 1000;

/** Each takes what follows its name, and returns the exit code. */
export const actions: ReadonlyMap<string, (args: string[]) => Promise<number> | number> = new Map<
  string,
  (args: string[]) => Promise<number> | number
>([
  ['tlb', tlb],
  ['advise', advise],
  ['prefault', sized(benchPrefault)],
  ['fork', sized(benchFork)],
  ['access', sized(benchAccess)],
  ['share', sized(benchShare)],
  ['compare', compare],
  ['report', report],
]);

async function tlb(args: string[]): Promise<number> {
  const values = parse(args, { ...COMMON, 'no-javascript': flag });
  const javascript = values['no-javascript'] !== true;
  return run(values, (options) => benchTlb({ ...options, ...bytesOf(values), javascript }), renderTlb);
}

async function advise(args: string[]): Promise<number> {
  const values = parse(args, { ...COMMON, pattern: value, stride: value });
  const { pattern, bytes, stride } = values;
  if (pattern === undefined || bytes === undefined) throw new UsageError('advise takes --pattern and --bytes');
  if (stride !== undefined && pattern !== 'stride') throw new UsageError('--stride goes with --pattern stride');
  const asked = {
    pattern: checkOneOf(pattern, '--pattern', PATTERNS),
    bytes: sizeValue(bytes, '--bytes'),
    ...(stride !== undefined && { stride: sizeValue(stride, '--stride') }),
  };
  return run(values, (options) => benchAdvise({ ...options, ...asked }), renderAdvice);
}

function sized(measure: (options: SizedBenchOptions) => Promise<BenchResult>): (args: string[]) => Promise<number> {
  return (args) => {
    const values = parse(args, COMMON);
    return run(values, (options) => measure({ ...options, ...bytesOf(values) }), renderResult);
  };
}

interface Values {
  readonly bytes?: string;
  readonly rounds?: string;
  readonly 'keep-pools'?: boolean;
  readonly json?: boolean;
  readonly html?: string;
}

function parse<T extends NonNullable<ParseArgsConfig['options']>>(args: string[], options: T) {
  return parseArgs({ args, options }).values;
}

function bytesOf({ bytes }: Values): { bytes?: number } {
  return bytes === undefined ? {} : { bytes: sizeValue(bytes, '--bytes') };
}

async function run<R extends BenchResult>(
  { rounds, json, html, 'keep-pools': keepPools }: Values,
  measure: (options: BenchOptions) => Promise<R>,
  render: (result: R) => readonly string[],
): Promise<number> {
  const count = rounds === undefined ? {} : { rounds: countValue(rounds, '--rounds', 1, MOST_ROUNDS) };
  const write = html === undefined ? undefined : await prepareReport(html);
  return interruptible('all memory is back, and the pools are as they were', async (signal) => {
    const progress = reporter(process.stderr);
    try {
      const result = await measure({ ...count, growPools: keepPools !== true, signal, onProgress: progress.update });
      progress.end();
      print(result, json, render);
      await write?.([result]);
    } finally {
      progress.end();
    }
    return 0;
  });
}

function compare(args: string[]): number {
  const { values, positionals } = parseArgs({ args, options: { json: flag }, allowPositionals: true });
  const [before, after, ...more] = positionals;
  if (before === undefined || after === undefined || more.length > 0) throw new UsageError('compare takes two files');
  const comparison = compareBenches(readResult(before), readResult(after));
  print(comparison, values.json, renderComparison);
  return comparison.differences.some(({ verdict }) => verdict === 'worse') ? 1 : 0;
}

async function report(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: { html: value }, allowPositionals: true });
  if (values.html === undefined || positionals.length === 0) throw new UsageError('report takes files that --json has written, and --html');
  const write = await prepareReport(values.html);
  await write(positionals.map(readResult));
  return 0;
}
