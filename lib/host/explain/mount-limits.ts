/** What a hugetlbfs mount, and RLIMIT_FSIZE, allow a file. */
import { formatSize } from '../../units.js';
import type { Place } from '../mounts/place.js';
import { commandRemedy, sudo } from '../remedy.js';
import { isForgetful } from '../mounts/forgetful.js';
import { presentBytes } from './adopted.js';
import { ANOTHER_PATH, accessError } from './file-name.js';
import { placeFor } from './file.js';
import { reservedOnNodes } from './nodes.js';
import { reservedPages } from './pool.js';
import { pagesText, refusal } from './question.js';
import type { Question, Rule } from './question.js';
import type { Reason } from './types.js';

/** EACCES or EROFS of open(2). */
export const mountAccess: Rule = (question) => {
  const { directory: path = '', refusal: errno } = newPlace(question) ?? {};
  if (errno === undefined) return [];
  const message = `No file can be made in ${path}: ${errno}`;
  return [refusal(errno === 'EROFS' ? 'read-only' : 'no-access', accessError(errno), message, { path }, ANOTHER_PATH)];
};

/** ENOSPC of open(2): the mount's `nr_inodes`. */
export const mountInodes: Rule = (question) => {
  const { directory: path = '', inodes } = newPlace(question) ?? {};
  if (inodes === undefined || inodes.free > 0) return [];
  const message = `The hugetlbfs of ${path} has all its ${String(inodes.total)} inodes in use`;
  return [refusal('mount-inodes', 'ERR_HUGEPAGES_NO_MEMORY', message, { path, inodes: inodes.total }, ANOTHER_PATH)];
};

/** ENOMEM of mmap(2): the mount's `size`. */
export const mountRoom: Rule = (question) => (question.request.reserve ? room(question, AT_MAP) : []);

/** EFAULT of madvise(2). */
export const unreservedMountRoom: Rule = (question) => (question.request.reserve ? [] : room(question, AT_POPULATE));

const AT_MAP = { error: 'ERR_HUGEPAGES_NO_MEMORY', step: 'map' } as const;
const AT_POPULATE = { error: 'ERR_HUGEPAGES_POPULATE', step: 'populate' } as const;

function room(question: Question, where: typeof AT_MAP | typeof AT_POPULATE): Reason[] {
  const { directory: path = '', pages } = placeFor(question) ?? {};
  const { byteLength, pageSize } = question.candidate;
  const needed = (byteLength - presentBytes(question)) / pageSize;
  if (pages === undefined || needed <= pages.free) return [];
  const left = `${String(pages.free)} of its ${String(pages.total)} pages free`;
  const message = `The hugetlbfs of ${path} has ${left}, and ${pagesText(needed)} are needed`;
  return [{ ...where, code: 'mount-size', message, details: { path, pages, neededPages: needed }, remedy: ANOTHER_PATH }];
}

/** hugetlb_reserve_pages(): beside a refusal of the pool, what that does to the mount, or has done where it is an error that tells. */
export const mountReservation: Rule = (question) => {
  const { mount } = placeFor(question) ?? {};
  if (mount === undefined || !isForgetful(mount)) return [];
  if ([...reservedPages(question), ...reservedOnNodes(question)].length === 0) return [];
  const { mountPoint, size, minSize = 0 } = mount;
  const kept = formatSize(minSize);
  const message = `${mountPoint} has both size and min_size: a mapping that the pool refuses makes Linux forget the ${kept} that it keeps`;
  const sentence =
    `Grow the pool before, or mount it with one of the two options. If it was refused: an allocation of ${kept} there, ` +
    'disposed again, brings back what was forgotten, which an unmount takes from the reservations of others';
  const details = { mountPoint, size, minSize };
  return [{ ...AT_MAP, code: 'mount-forgets', message, details, remedy: { sentence, needsRoot: false } }];
};

/** Of a file that has to be made. */
function newPlace(question: Question): Place | undefined {
  const place = placeFor(question);
  return place?.found !== undefined && question.request.source.adopt ? undefined : place;
}

/** EFBIG of ftruncate(2): RLIMIT_FSIZE, of a file that has to be made. */
export const fileSize: Rule = (question) => {
  const { soft, hard } = question.machine.fileSize();
  const { byteLength } = question.candidate;
  const isAdopted = question.request.source.adopt && placeFor(question)?.found !== undefined;
  if (isAdopted || byteLength <= soft) return [];
  const message = `${formatSize(byteLength)} would pass RLIMIT_FSIZE, which is ${formatSize(soft)}`;
  const needsRoot = hard < byteLength;
  const limit = needsRoot || hard === Infinity ? 'unlimited' : String(hard);
  const command = `${needsRoot ? sudo() : ''}prlimit --pid $$ --fsize=${limit}`;
  const mend = commandRemedy('Raise it in the shell that starts the process', command, needsRoot);
  return [refusal('rlimit-file-size', 'ERR_HUGEPAGES_NO_MEMORY', message, { neededBytes: byteLength, soft, hard }, mend)];
};
