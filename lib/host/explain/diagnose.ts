/** The engine: the rules in the order in which the kernel applies them. */
import { ifReadable } from '../text.js';
import { addressSpace, mappingCount } from './address-space.js';
import { pageCharge, reservedCharge, unreservedCharge } from './cgroup.js';
import { commit, commitWhenTouched } from './commit.js';
import { adoptedFile, nameTaken } from './file-name.js';
import { directory, mount } from './file.js';
import type { Machine } from './machine.js';
import { machineMemory, memoryCgroup } from './memory.js';
import { fileSize, mountAccess, mountInodes, mountReservation, mountRoom, unreservedMountRoom } from './mount-limits.js';
import { bindableNodes, pagesOnNodes, reservedOnNodes } from './nodes.js';
import { promisedPages, reservedPages, unreservedPages } from './pool.js';
import type { Question, Rule } from './question.js';
import { adoptedSegment, segmentCount, segmentPrivilege, segmentSize, segmentTotal, unlessAdopted } from './segment.js';
import { thpAllowed } from './thp.js';
import type { CandidateDiagnosis, Diagnosis, Reason, Request, RequestedBacking } from './types.js';

interface Rules {
  /** Of what makes the file or segment. */
  readonly make: readonly Rule[];
  /** Of mmap(2) or shmat(2), and of mbind(2) after it. */
  readonly map: readonly Rule[];
  readonly populate: readonly Rule[];
}

const HUGETLB = {
  map: [mappingCount, addressSpace, reservedCharge, mountRoom, reservedPages, reservedOnNodes, mountReservation, bindableNodes],
  populate: [unreservedCharge, pageCharge, unreservedMountRoom, unreservedPages, promisedPages, pagesOnNodes, memoryCgroup],
} as const;

const TRANSPARENT = {
  map: [mappingCount, addressSpace, commit, bindableNodes],
  populate: [commitWhenTouched, memoryCgroup, machineMemory],
} as const;

/** shmget(2) makes the reservation. */
const SEGMENT = { map: [mappingCount, addressSpace, bindableNodes] } as const;

function rulesFor({ request, candidate }: Question): Rules {
  const isHugetlb = candidate.backing === 'hugetlb';
  const rules = isHugetlb ? HUGETLB : TRANSPARENT;
  switch (request.source.kind) {
    case 'anonymous':
      return { ...rules, make: [] };
    case 'memfd':
      return { ...rules, make: [fileSize] };
    case 'file':
      return { ...rules, make: [mount, directory, adoptedFile, nameTaken, mountAccess, mountInodes, fileSize] };
    case 'sysv': {
      const reservation = isHugetlb ? [segmentPrivilege, reservedCharge, reservedPages, reservedOnNodes] : [commit];
      const making = [segmentSize, segmentTotal, ...reservation, segmentCount];
      return { ...rules, ...SEGMENT, make: [adoptedSegment, ...making.map(unlessAdopted)] };
    }
  }
}

/**
 * Says what would become of a request with each of these backings, tried in their order.
 *
 * @throws HugePagesError for what cannot be read of the machine
 */
export function diagnose(request: Request, backings: readonly RequestedBacking[], machine: Machine): Diagnosis {
  const candidates = backings.map((candidate) => diagnoseOne({ request, candidate, machine }));
  const mistaken = backings.some(({ unavailable }) => unavailable?.error === 'ERR_HUGEPAGES_PAGE_SIZE');
  const taken = mistaken ? undefined : candidates.find(({ possible }) => possible);
  if (taken === undefined) return { possible: false, candidates };
  return { possible: true, backing: { kind: taken.backing, pageSize: taken.pageSize }, candidates };
}

/** Everything that can be found against a request that the kernel has refused. A rule whose facts cannot be read is left out. */
export function reasonsAgainst(request: Request, candidate: RequestedBacking, machine: Machine): readonly Reason[] {
  return diagnoseOne({ request, candidate, machine }, (rule) => (question) => ifReadable(() => rule(question)) ?? []).reasons;
}

type Asking = (rule: Rule) => Rule;

function diagnoseOne(question: Question, asking: Asking = (rule) => rule): CandidateDiagnosis {
  const ask = (rules: readonly Rule[]): Reason[] => rules.flatMap((rule) => asking(rule)(question));
  const { backing, pageSize, byteLength, unavailable } = question.candidate;
  if (unavailable !== undefined) return { backing, pageSize, byteLength, possible: false, reasons: [unavailable] };
  const rules = rulesFor(question);
  const { prefault } = question.request;
  // Some rules are of either step, by what makes the reservation.
  const making = ask(rules.make).map((reason) => ({ ...reason, step: 'make' as const }));
  const refusals = [...making, ...ask(rules.map)];
  const populate = prefault === 'no' ? [] : ask(rules.populate);
  const transparent = ask([thpAllowed]);
  // What a background prefault fails on shows after the allocation.
  const decisive = [...refusals, ...(prefault === 'now' ? populate : []), ...transparent];
  return { backing, pageSize, byteLength, possible: decisive.length === 0, reasons: [...refusals, ...populate, ...transparent] };
}
