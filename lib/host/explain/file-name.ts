/** What is in the place of a file already. */
import type { HugePagesErrorCode } from '../../errors.js';
import { formatSize } from '../../units.js';
import type { Place } from '../mounts/place.js';
import { placeFor } from './file.js';
import { askFor, refusal } from './question.js';
import type { Question, Rule } from './question.js';

export const ANOTHER_PATH = { sentence: 'Name another path', needsRoot: false } as const;

/** With existing: 'adopt'. */
export const adoptedFile: Rule = (question) => {
  const { found, path } = foundFor(question);
  const { byteLength, pageSize } = question.candidate;
  if (found === undefined || !question.request.source.adopt) return [];
  const details = { path, byteLength: found.byteLength };
  if (!found.isFile) return [refusal('no-file', 'ERR_HUGEPAGES_MISMATCH', `${path} is no file`, details, ANOTHER_PATH)];
  if (found.refusal !== undefined) {
    const message = `${path} may not be read and written by this user: ${found.refusal}`;
    return [refusal('no-access', accessError(found.refusal), message, details)];
  }
  if (Math.ceil(found.byteLength / pageSize) * pageSize === byteLength) return [];
  const message = `${path} has ${formatSize(found.byteLength)}, and ${formatSize(byteLength)} are asked for`;
  const mend = found.byteLength === 0 ? ANOTHER_PATH : askFor(`size: ${String(found.byteLength)}`, 'path');
  return [refusal('other-size', 'ERR_HUGEPAGES_MISMATCH', message, details, mend)];
};

function foundFor(question: Question): { found: Place['found']; path: string } {
  return { found: placeFor(question)?.found, path: question.request.source.path ?? '' };
}

/** Where nothing is to be adopted. */
export const nameTaken: Rule = (question) => {
  const { found, path } = foundFor(question);
  if (found === undefined || question.request.source.adopt) return [];
  const mend = { sentence: "Name another path, or take it with persistent: true and existing: 'adopt'", needsRoot: false };
  return [refusal('exists', 'ERR_HUGEPAGES_EXISTS', `${path} is there already`, { path, byteLength: found.byteLength }, mend)];
};

/** Of open(2). */
export function accessError(errno: string): HugePagesErrorCode {
  return errno === 'EROFS' ? 'ERR_HUGEPAGES_NO_MOUNT' : 'ERR_HUGEPAGES_PERMISSION';
}
