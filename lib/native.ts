/**
 * The native addon, as the files of lib/native type it. The only file that loads it.
 *
 * Every function of it checks its own arguments and throws a `TypeError` or `RangeError` with a code; a failed system call throws
 * an `Error` with `errno` (negative) and `syscall`. Regions are named by handles: numbers that this environment (main thread or
 * worker) was given, never reused, never an address.
 */
import { loadAddon } from './load-addon.js';
import type { FrameFunctions } from './native/frames.js';
import type { FutexFunctions } from './native/futex.js';
import type { HoleFunctions } from './native/holes.js';
import type { JobFunctions } from './native/jobs.js';
import type { MachineFunctions } from './native/machine.js';
import type { MeasureFunctions } from './native/measure.js';
import type { PageFunctions } from './native/pages.js';
import type { RegionFunctions } from './native/regions.js';
import type { SharingFunctions } from './native/sharing.js';
import type { SurvivalFunctions } from './native/survival.js';

export interface Native
  extends
    RegionFunctions,
    PageFunctions,
    JobFunctions,
    HoleFunctions,
    SharingFunctions,
    FutexFunctions,
    SurvivalFunctions,
    FrameFunctions,
    MeasureFunctions,
    MachineFunctions {}

export const native: Native = loadAddon();
