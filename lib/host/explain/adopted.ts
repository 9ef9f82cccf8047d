/** What is there of an adopted file or segment. */
import { placeFor } from './file.js';
import type { Question } from './question.js';
import { segmentWithKey } from './segment.js';

/** Bytes of the pages that it has, which a shared mapping takes as they are. */
export function presentBytes(question: Question): number {
  const { source, shared } = question.request;
  if (!source.adopt || !shared) return 0;
  return placeFor(question)?.found?.allocatedBytes ?? segmentWithKey(question)?.presentBytes ?? 0;
}
