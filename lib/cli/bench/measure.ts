/** What measures: the actions of `hugepages bench` that take memory, and need the addon for it. */
import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { checkOneOf } from '../../arguments.js';
import { benchAccess } from '../../bench/access.js';
import { PATTERNS, benchAdvise } from '../../bench/advise.js';
import { benchFork } from '../../bench/fork.js';
import { benchPrefault } from '../../bench/prefault.js';
import { MOST_ROUNDS } from '../../bench/session.js';
import { benchShare } from '../../bench/share.js';
import { benchTlb } from '../../bench/tlb/tlb.js';
import type { BenchOptions, BenchResult, SizedBenchOptions } from '../../bench/types.js';
import { UsageError } from '../command.js';
import { interruptible } from '../interrupt.js';
import { print } from '../output.js';
import { countValue, sizeValue } from '../values.js';
import { renderAdvice, renderResult, renderTlb } from './render.js';
import { prepareReport } from './report/report.js';
import { reporter } from './reporter.js';

const flag = { type: 'boolean' } as const;
const value = { type: 'string' } as const;
const COMMON = { bytes: value, rounds: value, 'keep-pools': flag, json: flag, html: value } as const;

export const prefault = sized(benchPrefault);
export const fork = sized(benchFork);
export const access = sized(benchAccess);
export const share = sized(benchShare);

export async function tlb(args: string[]): Promise<number> {
  const values = parse(args, { ...COMMON, 'no-javascript': flag });
  const javascript = values['no-javascript'] !== true;
  return run(values, (options) => benchTlb({ ...options, ...bytesOf(values), javascript }), renderTlb);
}

export async function advise(args: string[]): Promise<number> {
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
