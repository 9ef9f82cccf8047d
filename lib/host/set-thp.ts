/** Changing the machine's settings of transparent huge pages. */
import { checkBoolean, checkOneOf, checkOptions } from '../arguments.js';
import { errnoName, HugePagesError } from '../errors.js';
import type { HugePagesErrorInit } from '../errors.js';
import { readSetting, writeSetting } from './setting.js';
import { readText } from './text.js';
import type { RootOptions } from './text.js';
import { THP } from './thp.js';

/** The words of each setting, all of which some kernel knows. */
const WORDS = {
  enabled: ['always', 'madvise', 'never'],
  defrag: ['always', 'defer', 'defer+madvise', 'madvise', 'never'],
  shmem: ['always', 'within_size', 'advise', 'never', 'deny', 'force'],
} as const;

type Setting = keyof typeof WORDS;
const SETTINGS = Object.keys(WORDS) as Setting[];

/** What {@link setThp} is asked; what is left out stays as it is. See `ThpState` for what the words mean. */
export type ThpChange = { readonly [K in Setting]?: (typeof WORDS)[K][number] | undefined };

/** One file that {@link setThp} wrote, or would write in a dry run. */
export interface ThpWrite {
  readonly setting: Setting;
  /** The file below `/sys/kernel/mm/transparent_hugepage`. */
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/** What became of a {@link ThpChange}. */
export interface ThpChangeResult {
  readonly dryRun: boolean;
  /** In the order of the writes; settings that were as asked already are left out. */
  readonly writes: readonly ThpWrite[];
}

/** Options of {@link setThp}. */
export interface SetThpOptions extends RootOptions {
  /** Says what would be written, and writes nothing. Default false. */
  readonly dryRun?: boolean;
}

/**
 * Writes `enabled`, `defrag` and `shmem_enabled` of `/sys/kernel/mm/transparent_hugepage`, and reads each back. When one fails, those
 * that were written before it get their old word again.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` for wrong arguments
 * @throws HugePagesError `ERR_HUGEPAGES_UNSUPPORTED` where this kernel has no such setting or word (EINVAL), or writes it and does not
 *   keep it; `ERR_HUGEPAGES_PERMISSION` without root or with a read-only `/sys`; `ERR_HUGEPAGES_SYSTEM` otherwise
 */
export function setThp(change: ThpChange, options: SetThpOptions = {}): ThpChangeResult {
  const { dryRun: dry, ...rest } = checkOptions(options, 'options', ['dryRun', 'root']);
  const dryRun = checkBoolean(dry, 'options.dryRun', false);
  const root = rest as RootOptions;
  const wanted = parseThpChange(change, 'change');
  const writes = SETTINGS.flatMap((setting) => {
    const after = wanted[setting];
    return after === undefined ? [] : [{ setting, file: thpFile(setting), before: current(setting, root), after }];
  }).filter(({ before, after }) => before !== after);
  for (const write of writes) if (!choices(write, root).includes(write.after)) throw refusal(write, root);
  if (dryRun) return { dryRun, writes };

  const done: ThpWrite[] = [];
  try {
    for (const write of writes) {
      done.push(write);
      writeWord(write, root);
    }
  } catch (error) {
    for (const write of done.reverse()) putBack(write, root);
    throw error;
  }
  return { dryRun, writes };
}

/**
 * A {@link ThpChange}, checked.
 *
 * @throws TypeError as {@link setThp}
 */
export function parseThpChange(value: unknown, name: string): ThpChange {
  const given = checkOptions(value, name, SETTINGS);
  const words = SETTINGS.filter((setting) => given[setting] !== undefined).map((setting) => [
    setting,
    checkOneOf<string>(given[setting], `${name}.${setting}`, WORDS[setting]),
  ]);
  return Object.fromEntries(words) as ThpChange;
}

/** The file of a setting: `shmem` is `shmem_enabled`. */
export function thpFile(setting: Setting): string {
  return `${THP}/${setting === 'shmem' ? 'shmem_enabled' : setting}`;
}

function current(setting: Setting, options: RootOptions): string {
  const file = thpFile(setting);
  const word = readSetting(file, options);
  if (word !== undefined) return word;
  throw new HugePagesError('ERR_HUGEPAGES_UNSUPPORTED', `This kernel has no setting ${file}`, {
    details: { file },
    remedy: 'Run a kernel built with CONFIG_TRANSPARENT_HUGEPAGE (for shmem also CONFIG_SHMEM), with /sys mounted',
  });
}

/** The words that this kernel knows: `always [madvise] never`. */
function choices({ file }: ThpWrite, options: RootOptions): string[] {
  return (readText(file, options) ?? '').replace(/[[\]]/g, '').split(' ');
}

function refusal(write: ThpWrite, options: RootOptions, init: HugePagesErrorInit = {}): HugePagesError {
  const { file, after } = write;
  return new HugePagesError('ERR_HUGEPAGES_UNSUPPORTED', `This kernel does not take '${after}' for ${file}`, {
    ...init,
    details: { file, known: choices(write, options) },
  });
}

// A word that it knows may still be refused: `force` while a page size has a setting of its own.
function writeWord(write: ThpWrite, options: RootOptions): void {
  const { setting, file, after } = write;
  try {
    writeSetting(file, after, options);
  } catch (error) {
    const { errno, syscall } = error as HugePagesError;
    throw errno !== undefined && errnoName(errno) === 'EINVAL' ? refusal(write, options, { errno, syscall, cause: error }) : error;
  }
  if (current(setting, options) !== after) throw refusal(write, options);
}

// The error that is on its way says more than one of putting back would.
function putBack({ file, before }: ThpWrite, options: RootOptions): void {
  try {
    writeSetting(file, before, options);
  } catch {
    // Then nothing was written there either.
  }
}
