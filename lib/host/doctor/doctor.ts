/** Looks at a machine as someone would who has seen many: what is fine, what is not, and what to do about it. */
import type { RootOptions } from '../text.js';
import { cgroupFindings } from './cgroup-rules.js';
import { containerFindings } from './container-rules.js';
import { readFacts } from './facts.js';
import type { Facts } from './facts.js';
import type { Finding } from './finding.js';
import { memoryFindings } from './memory-rules.js';
import { mountFindings } from './mount-rules.js';
import { nodeFindings } from './node-rules.js';
import { defaultSizeFindings, giganticFindings, poolFindings } from './pool-rules.js';
import { processFindings } from './process-rules.js';
import { thpFindings } from './thp-rules.js';

/** Pure functions of the facts. What a machine does not have, they say nothing about. */
const RULES: readonly ((facts: Facts) => Finding[])[] = [
  poolFindings,
  defaultSizeFindings,
  giganticFindings,
  nodeFindings,
  mountFindings,
  thpFindings,
  memoryFindings,
  processFindings,
  cgroupFindings,
  containerFindings,
];

/**
 * Looks at the pools, mounts, transparent huge pages, memory, and at what this process is allowed. Changes nothing, and needs no root.
 *
 * @returns also what is fine; the remedies are for the user of this process
 * @throws HugePagesError `ERR_HUGEPAGES_UNSUPPORTED` where `/proc` is not mounted, `ERR_HUGEPAGES_PERMISSION`, `ERR_HUGEPAGES_SYSTEM`
 *   when procfs or sysfs cannot be read
 */
export function doctor(options: RootOptions = {}): Finding[] {
  return diagnose(readFacts(options));
}

/** What all rules say of the facts. */
export function diagnose(facts: Facts): Finding[] {
  return RULES.flatMap((rule) => rule(facts));
}
