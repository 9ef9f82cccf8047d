/** Makes a machine ready for huge pages in one step, now and for every boot, and takes that back. */
import { checkBoolean, checkOptions, checkSignal } from '../../arguments.js';
import { pools } from '../pools/pools.js';
import type { RootOptions } from '../text.js';
import { readItem } from './access.js';
import { applyChanges } from './apply.js';
import type { Outcome, ShortPool } from './apply.js';
import { compare } from './changes.js';
import type { Changes, LeftItem } from './changes.js';
import { diffOf } from './diff.js';
import { withoutUsed } from './directories.js';
import { findItem } from './items.js';
import type { Step } from './items.js';
import { overriddenSysctls } from './later-sysctls.js';
import { isRunningMachine } from './live.js';
import { parsePlan } from './plan.js';
import type { ParsedPlan, SetupPlan } from './plan.js';
import { readRecord, withRecordLocked } from './record.js';
import type { SetupRecord } from './record.js';
import { kernelParameters, SYSCTL, sysctlText } from './texts.js';
import { wantedFiles, wantedLive } from './wanted.js';

/** Options of {@link setup}. */
export interface SetupOptions extends RootOptions {
  /** Says what would be done, and does nothing; needs no root. Default false. */
  readonly dryRun?: boolean;
  /** Takes back all that setup ever did here; the plan has to be empty. Default false. */
  readonly undo?: boolean;
  /** Ends it before its next step, also an undo; those before it are taken back. */
  readonly signal?: AbortSignal;
}

/** What became of a plan. */
export interface SetupResult {
  readonly dryRun: boolean;
  /** What was changed, or would be, in that order. Empty: there was nothing to do, and nothing was written. */
  readonly steps: readonly Step[];
  /** The same as a unified diff. */
  readonly diff: string;
  /** What was not taken back, because others changed it since or use it, and files that will say otherwise at the next boot. */
  readonly left: readonly LeftItem[];
  /** Pools for which the kernel found too little contiguous memory now; at the next boot there is more. */
  readonly short: readonly ShortPool[];
  /** For the boot loader, which setup never touches: pages of 1 GiB, or larger than the default, are certain only there. */
  readonly kernelParameters?: string;
}

/**
 * Sets pools, overcommit, mounts, the group of SHM_HUGETLB and THP now, and writes the files that do so at every boot:
 * `/etc/sysctl.d/60-hugepages.conf`, and units of systemd in `/etc/systemd/system`, enabled. A plan is the whole: what an earlier one
 * set and this one does not name goes back to what it was before. A second run finds nothing to do.
 *
 * What is changed, and its first value, is kept in `/var/lib/hugepages` before the change: a run that was killed is completed by the
 * next one, or taken back by `undo`. When a step fails, those before it are taken back; what then stays is in the error's
 * `details.left`. Files that others edited since are not touched.
 *
 * @param plan - an object, checked as a whole before anything is changed
 * @param options - `root`: another root directory than `/` gets the files only, and its own `proc` and `sys` say what the machine has
 * @throws TypeError, RangeError, `ERR_HUGEPAGES_PAGE_SIZE`: see `parsePlan`
 * @throws HugePagesError `ERR_HUGEPAGES_CHANGED` when a file that setup wrote was edited since, or something else is in its place;
 *   `ERR_HUGEPAGES_MOUNTED`, `ERR_HUGEPAGES_MOUNT_POINT` when a mount cannot be had; `ERR_HUGEPAGES_BUSY` while another setup runs, or
 *   when a pool would shrink below what is in use; `ERR_HUGEPAGES_NO_MEMORY` for a `minSize` that the pool lacks;
 *   `ERR_HUGEPAGES_UNSUPPORTED` for a setting that the kernel does not take; `ERR_HUGEPAGES_PERMISSION` without root;
 *   `ERR_HUGEPAGES_SYSTEM` otherwise
 * @throws AbortError `ABORT_ERR` when the signal is aborted, with everything as it was
 */
export async function setup(plan: SetupPlan, options: SetupOptions = {}): Promise<SetupResult> {
  const given = checkOptions(options, 'options', ['dryRun', 'undo', 'root', 'signal']);
  const dryRun = checkBoolean(given.dryRun, 'options.dryRun', false);
  const undo = checkBoolean(given.undo, 'options.undo', false);
  const signal = checkSignal(given.signal, 'options.signal');
  const root: RootOptions = options.root === undefined ? {} : { root: options.root };
  const parsed = parsePlan(undo ? checkOptions(plan, 'plan', []) : plan, root);
  const parameters = kernelParameters(parsed, defaultPageSize(root));
  const { changes, steps, left, short } = dryRun ? foresee(parsed, root) : await run(parsed, root, signal);
  return {
    dryRun,
    steps,
    diff: steps.map(diffOf).join(''),
    left: [...changes.left, ...left, ...overriddenSysctls(SYSCTL, sysctlText(parsed) ?? '', root)],
    short,
    ...(parameters !== undefined && { kernelParameters: parameters }),
  };
}

function foresee(plan: ParsedPlan, root: RootOptions): Outcome & { changes: Changes } {
  const { changes } = look(plan, root);
  const steps = [...changes.takenBack.flatMap(({ step }) => step ?? []), ...changes.made];
  return { changes, steps, left: [], short: [] };
}

async function run(plan: ParsedPlan, root: RootOptions, signal: AbortSignal | undefined): Promise<Outcome & { changes: Changes }> {
  return withRecordLocked(root, async () => {
    const { changes, record } = look(plan, root);
    return { changes, ...(await applyChanges(changes, record, root, signal)) };
  });
}

function look(plan: ParsedPlan, root: RootOptions): { changes: Changes; record: SetupRecord } {
  const record = readRecord(root);
  const items = [...wantedFiles(plan), ...(isRunningMachine(root) ? wantedLive(plan, record.items) : [])];
  // Directories, of which several things need the same.
  const wanted = items.filter((item) => findItem(items, item) === item);
  const changes = compare(wanted, record.items, (item) => readItem(item, root));
  return { changes: { ...changes, takenBack: withoutUsed(changes, root) }, record };
}

function defaultPageSize(root: RootOptions): number {
  return pools(root).find(({ isDefault }) => isDefault)?.pageSize ?? 0;
}
