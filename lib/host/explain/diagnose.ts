/** The engine: the rules in the order in which the kernel applies them. */
import { addressSpace, mappingCount } from './address-space.js';
import { pageCharge, reservedCharge, unreservedCharge } from './cgroup.js';
import { commit } from './commit.js';
import type { Machine } from './machine.js';
import { machineMemory, memoryCgroup } from './memory.js';
import { bindableNodes, pagesOnNodes, reservedOnNodes } from './nodes.js';
import { reservedPages, unreservedPages } from './pool.js';
import type { Question, Rule } from './question.js';
import { thpAllowed } from './thp.js';
import type { CandidateDiagnosis, Diagnosis, Reason, Request, RequestedBacking } from './types.js';

const HUGETLB = {
  map: [mappingCount, addressSpace, reservedCharge, reservedPages, reservedOnNodes, bindableNodes],
  populate: [unreservedCharge, pageCharge, unreservedPages, pagesOnNodes, memoryCgroup],
} as const satisfies Rules;

const TRANSPARENT = {
  map: [mappingCount, addressSpace, commit, bindableNodes],
  populate: [memoryCgroup, machineMemory],
} as const satisfies Rules;

interface Rules {
  /** Of mmap(2), and of mbind(2) after it. */
  readonly map: readonly Rule[];
  readonly populate: readonly Rule[];
}

/** Says what would become of a request with each of these backings, tried in their order. */
export function diagnose(request: Request, backings: readonly RequestedBacking[], machine: Machine): Diagnosis {
  const candidates = backings.map((candidate) => diagnoseOne({ request, candidate, machine }));
  const mistaken = backings.some(({ unavailable }) => unavailable?.error === 'ERR_HUGEPAGES_PAGE_SIZE');
  const taken = mistaken ? undefined : candidates.find(({ possible }) => possible);
  if (taken === undefined) return { possible: false, candidates };
  return { possible: true, backing: { kind: taken.backing, pageSize: taken.pageSize }, candidates };
}

function diagnoseOne(question: Question): CandidateDiagnosis {
  const { backing, pageSize, byteLength, unavailable } = question.candidate;
  if (unavailable !== undefined) return { backing, pageSize, byteLength, possible: false, reasons: [unavailable] };
  const rules = backing === 'hugetlb' ? HUGETLB : TRANSPARENT;
  const { prefault } = question.request;
  const refusals = ask(rules.map, question);
  const populate = prefault === 'no' ? [] : ask(rules.populate, question);
  const transparent = thpAllowed(question);
  // What a background prefault fails on shows after the allocation.
  const decisive = [...refusals, ...(prefault === 'now' ? populate : []), ...transparent];
  return { backing, pageSize, byteLength, possible: decisive.length === 0, reasons: [...refusals, ...populate, ...transparent] };
}

/** Why these rules rule a question out, in their order. */
function ask(rules: readonly Rule[], question: Question): Reason[] {
  return rules.flatMap((rule) => rule(question));
}
