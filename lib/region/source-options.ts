/** Where a region's memory comes from: the options of {@link allocate} that choose and name it. */
import { resolve } from 'node:path';
import { checkBoolean, checkInteger, checkOneOf } from '../arguments.js';
import { invalidArgType, invalidArgValue } from '../errors.js';
import type { RequestedSource, Source } from '../host/explain/types.js';
import { parseSeals } from './seals.js';

/** A source, checked and completed. */
export interface SourcePlan extends RequestedSource {
  /** Of a memfd. */
  readonly name: string;
  /** F_SEAL_* bits. */
  readonly seals: number;
}

export const SOURCE_OPTIONS = ['source', 'path', 'name', 'key', 'persistent', 'existing', 'seals'] as const;

/** memfd_create(2) takes 249 bytes, and the name has two parts of ours. */
const MAX_NAME_BYTES = 200;
const MAX_PATH_BYTES = 4095;

type Given = Partial<Record<(typeof SOURCE_OPTIONS)[number], unknown>>;

export function parseSource(options: Given): SourcePlan {
  const kind = options.source === undefined ? 'anonymous' : checkOneOf(options.source, 'options.source', SOURCES);
  const persistent = checkBoolean(options.persistent, 'options.persistent', false);
  const existing = options.existing === undefined ? 'refuse' : checkOneOf(options.existing, 'options.existing', ['refuse', 'adopt']);
  const plan: SourcePlan = {
    kind,
    path: options.path === undefined ? undefined : resolve(checkText(options.path, 'options.path', 1, MAX_PATH_BYTES)),
    name: options.name === undefined ? '' : checkText(options.name, 'options.name', 0, MAX_NAME_BYTES),
    key: options.key === undefined ? 0 : checkInteger(options.key, 'options.key', -(2 ** 31), 2 ** 31 - 1),
    persistent,
    adopt: existing === 'adopt',
    seals: options.seals === undefined ? 0 : parseSeals(options.seals, 'options.seals'),
  };
  checkFit(plan, options);
  return plan;
}

const SOURCES = ['anonymous', 'memfd', 'file', 'sysv'] as const satisfies readonly Source[];

/** Which source each of the options is for. */
const BELONGS: readonly (readonly [option: keyof Given, sources: readonly Source[]])[] = [
  ['path', ['file']],
  ['name', ['memfd']],
  ['key', ['sysv']],
  ['persistent', ['file', 'sysv']],
  ['existing', ['file', 'sysv']],
  ['seals', ['memfd']],
];

function checkFit({ kind, path, key, persistent, adopt }: SourcePlan, options: Given): void {
  for (const [option, sources] of BELONGS) {
    if (options[option] === undefined || sources.includes(kind)) continue;
    throw invalidArgValue(`options.${option}`, `is for source '${sources.join("' and '")}' only`, options[option]);
  }
  if (options.key !== undefined && key === 0) throw invalidArgValue('options.key', 'must not be 0: that is IPC_PRIVATE, the default', key);
  if (persistent && kind === 'file' && path === undefined) throw invalidArgValue('options.path', 'must name a persistent file', undefined);
  if (persistent && String(options.path).endsWith('/')) throw invalidArgValue('options.path', 'must be that of a file', options.path);
  if (persistent && kind === 'sysv' && key === 0) throw invalidArgValue('options.key', 'must name a persistent segment', undefined);
  // What others made is not ours to remove.
  if (adopt && !persistent) throw invalidArgValue('options.existing', "'adopt' needs persistent: true", 'adopt');
}

function checkText(value: unknown, name: string, min: number, max: number): string {
  if (typeof value !== 'string') throw invalidArgType(name, 'of type string', value);
  const bytes = Buffer.byteLength(value);
  if (bytes >= min && bytes <= max && !value.includes('\0')) return value;
  throw invalidArgValue(name, `must have ${String(min)} to ${String(max)} bytes and no NUL`, value);
}
