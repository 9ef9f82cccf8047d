/** Results of benchmarks come from files, where anything may be. */
import { HugePagesError, invalidArgType, invalidArgValue } from '../errors.js';
import type { BenchResult } from './types.js';

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isFlag: Check = (value) => typeof value === 'boolean';
const isNumber: Check = (value) => Number.isFinite(value);
const isPositive: Check = (value) => isNumber(value) && (value as number) > 0;

/** A version 1 of the schema has these fields; others it may have. */
const isBacking = record({ kind: isText, pageSize: isPositive });
const RATIO = { ratio: isNumber, low: isNumber, high: isNumber };
const isFigure = record({
  id: isText,
  name: isText,
  engine: isText,
  backing: optional(isBacking),
  parameter: record({ name: isText, value: isNumber }),
  unit: isText,
  better: isText,
  samples: isSamples,
  median: isPositive,
  low: isPositive,
  high: isPositive,
  noise: optional(isNumber),
  clock: isPositive,
  counters: optional(list(record({ name: isText, perAccess: optional(isNumbers), reason: optional(isText) }))),
});
const isMachine = record({
  kernel: isText,
  arch: isText,
  node: isText,
  cpu: isText,
  cpus: isNumber,
  caches: list(record({ level: isNumber, bytes: isPositive })),
  virtual: isFlag,
  memory: isPositive,
  thp: record({}),
  loadAverage: isNumber,
});
const isKnee = record({ backing: isBacking, level: isNumber, pages: isPositive, reach: isPositive, missCost: isNumber });
const isVerdict = record({
  backing: isBacking,
  verdict: (value) => value === 'whole' || value === 'splintered' || value === 'undetermined',
  effectivePageSize: optional(isPositive),
  evidence: isText,
  splinteredShare: optional(isNumber),
});
const isGain = record({ backing: isBacking, engine: isText, pages: isPositive, noise: isNumber, ...RATIO });
const isAdvice = record({ backing: isBacking, accesses: isText, savedNanoseconds: isNumber, noise: isNumber, verdict: isText, ...RATIO });
const FIELDS: Readonly<Record<string, readonly [check: Check, what: string]>> = {
  benchmark: [isText, 'a name'],
  date: [isText, 'a date'],
  milliseconds: [isNumber, 'a number'],
  machine: [isMachine, 'the machine of a benchmark'],
  settings: [record({}), 'an object'],
  figures: [list(isFigure), 'figures with samples'],
  noise: [optional(isNumber), 'a number'],
  clock: [record({ samples: isSamples, median: isPositive }), 'a clock with samples'],
  notes: [list(isText), 'texts'],
  knees: [optional(list(isKnee)), 'knees of a TLB'],
  pageSizes: [optional(list(isVerdict)), 'verdicts on page sizes'],
  gains: [optional(list(isGain)), 'ratios by kind of page'],
  advice: [optional(list(isAdvice)), 'ratios by kind of page'],
};

/**
 * @throws TypeError for what is no result of a benchmark of this package; HugePagesError `ERR_HUGEPAGES_UNSUPPORTED` for a version of the
 *   schema that this version does not know
 */
export function checkResult(value: unknown, name: string): asserts value is BenchResult {
  if (!isRecord(value) || value['schema'] !== 'hugepages-bench') {
    throw invalidArgType(name, 'a result of a benchmark of this package', value);
  }
  if (value['version'] !== 1) {
    throw new HugePagesError('ERR_HUGEPAGES_UNSUPPORTED', `The result '${name}' has version ${String(value['version'])} of the schema`, {
      remedy: 'Read it with the version of hugepages that wrote it',
    });
  }
  for (const [field, [check, what]] of Object.entries(FIELDS)) {
    if (!check(value[field])) throw invalidArgValue(`${name}.${field}`, `must be ${what}`, value[field]);
  }
}

function record(fields: Readonly<Record<string, Check>>): Check {
  return (value) => isRecord(value) && Object.entries(fields).every(([name, check]) => check(value[name]));
}

function list(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

function isSamples(value: unknown): boolean {
  return isNumbers(value) && value.every(isPositive);
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every(isNumber);
}

function optional(check: Check): Check {
  return (value) => value === undefined || check(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
