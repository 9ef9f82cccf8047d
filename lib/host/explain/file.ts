/** Files on hugetlbfs: where one is to be, in the order in which the addon asks the kernel. */
import { HugePagesError } from '../../errors.js';
import { formatSize } from '../../units.js';
import type { Place } from '../mounts/place.js';
import { refusal } from './question.js';
import type { Question, Rule } from './question.js';

/** Undefined where it cannot be told: no mount, or a recorded machine. */
export function placeFor({ request, candidate, machine }: Question): Place | undefined {
  if (request.source.kind !== 'file') return undefined;
  if (request.source.path !== undefined) return machine.place(request.source.path);
  try {
    const mount = machine.mountFor(candidate.pageSize, candidate.byteLength);
    return mount && machine.place(mount.mountPoint);
  } catch {
    return undefined; // of which the first rule speaks
  }
}

/** Without a path: what findMount() finds. */
export const mount: Rule = ({ request, candidate, machine }) => {
  const { pageSize, byteLength } = candidate;
  if (request.source.path !== undefined) return [];
  try {
    if (machine.mountFor(pageSize, byteLength) !== undefined) return [];
    return [refusal('no-mount', 'ERR_HUGEPAGES_NO_MOUNT', `No hugetlbfs of ${formatSize(pageSize)} pages is mounted`, { pageSize })];
  } catch (error) {
    if (!(error instanceof HugePagesError)) throw error;
    const { code, message, details, remedy } = error;
    const command = details.command;
    const mend = command === undefined || remedy === undefined ? undefined : { sentence: remedy, command, needsRoot: true };
    return [refusal('no-mount', code, message.replace(`. ${remedy ?? ''}`, ''), details, mend)];
  }
};

const DENIED = ['no-access', 'ERR_HUGEPAGES_PERMISSION'] as const;
const MISSING = ['no-directory', 'ERR_HUGEPAGES_SYSTEM'] as const;

/** The directory: open(2) and fstatfs(2). */
export const directory: Rule = (question) => {
  const place = placeFor(question);
  const { pageSize } = question.candidate;
  if (place === undefined) return [];
  const { directory: path, obstacle } = place;
  if (obstacle !== undefined) {
    const [code, error] = obstacle === 'EACCES' ? DENIED : MISSING;
    const sentence = 'Name a path in a directory that is on a hugetlbfs and that this user may search: hugepages mount lists them';
    return [refusal(code, error, `${path} cannot be looked at: ${obstacle}`, { path }, { sentence, needsRoot: false })];
  }
  if (place.pageSize === undefined) {
    const mend = { sentence: 'Name a path on one: hugepages mount lists them', needsRoot: false };
    return [refusal('not-hugetlbfs', 'ERR_HUGEPAGES_NO_MOUNT', `${path} is on no hugetlbfs`, { path }, mend)];
  }
  if (place.pageSize !== pageSize) {
    const sizes = `${formatSize(place.pageSize)}, and ${formatSize(pageSize)} are asked for`;
    const mend = { sentence: `Ask for pageSize: '${formatSize(place.pageSize)}', or name a path on another mount`, needsRoot: false };
    const details = { path, pageSize: place.pageSize };
    return [refusal('other-page-size', 'ERR_HUGEPAGES_MISMATCH', `The hugetlbfs of ${path} has pages of ${sizes}`, details, mend)];
  }
  const { persistent, path: asked } = question.request.source;
  if (!persistent || path !== asked) return [];
  const mend = { sentence: 'Name a file in it', needsRoot: false };
  return [refusal('exists', 'ERR_HUGEPAGES_EXISTS', `${path} is a directory`, { path }, mend)];
};
