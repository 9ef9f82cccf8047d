/** What is there of an adopted file or segment. */
import { countsSegmentsInBasePages } from '../kernel-version.js';
import { placeFor } from './file.js';
import type { Question } from './question.js';
import { BASE_PAGE, segmentWithKey } from './segment.js';

/** Bytes of the pages that it has, which a shared mapping takes as they are. */
export function presentBytes(question: Question): number {
  const { source, shared } = question.request;
  if (!source.adopt || !shared) return 0;
  return placeFor(question)?.found?.allocatedBytes ?? segmentBytes(question);
}

function segmentBytes(question: Question): number {
  const { candidate, machine } = question;
  const counted = segmentWithKey(question)?.presentBytes ?? 0;
  const isInflated = candidate.backing === 'hugetlb' && countsSegmentsInBasePages(machine.kernel());
  return isInflated ? counted / (candidate.pageSize / BASE_PAGE) : counted;
}
