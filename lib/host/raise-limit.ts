/** How a resource limit is raised: the soft one by anybody as far as the hard one goes, the hard one with CAP_SYS_RESOURCE: prlimit(2). */
import { KiB } from '../units.js';
import type { ProcessLimits } from './limits.js';
import { commandRemedy, sudo } from './remedy.js';
import type { Remedy } from './remedy.js';

/** What the limits that are raised in KiB are called: by `ulimit`, and by prlimit(1) and systemd. */
const NAMES = {
  addressSpace: { resource: 'RLIMIT_AS', option: 'v', name: 'as' },
  data: { resource: 'RLIMIT_DATA', option: 'd', name: 'data' },
  memlock: { resource: 'RLIMIT_MEMLOCK', option: 'l', name: 'memlock' },
} as const;

/** Raises a limit to `wanted` bytes or more. */
export function raiseLimit(limit: keyof typeof NAMES, wanted: number, limits: ProcessLimits): Remedy {
  const { resource, option, name } = NAMES[limit];
  const { hard } = limits[limit];
  const here = `Raise ${resource} in the shell that starts the process`;
  if (wanted <= hard) {
    return commandRemedy(here, `ulimit -S -${option} ${hard === Infinity ? 'unlimited' : String(Math.floor(hard / KiB))}`, false);
  }
  // sudo has all capabilities as a rule, and root of a container has not.
  if (limits.uid === 0 && !limits.capabilities.sysResource) {
    const outside = `with Limit${name.toUpperCase()}= of its service or --ulimit of its container`;
    return { sentence: `Raise ${resource} from outside, ${outside}: root has no CAP_SYS_RESOURCE here`, needsRoot: true };
  }
  return commandRemedy(here, `${sudo()}prlimit --pid $$ --${name}=unlimited`, true);
}
