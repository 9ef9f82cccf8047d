/** System V segments: newseg() and ipcget_public() of ipc/. All refusals are of shmget(2), those of an adopted one of shmctl(2). */
import { KiB, formatSize } from '../../units.js';
import { writeRemedy } from '../remedy.js';
import type { Segment } from '../segments.js';
import { askFor, pagesName, refusal } from './question.js';
import type { Question, Rule } from './question.js';

/** The smallest page of any architecture: larger ones are no longer counted exactly. */
export const BASE_PAGE = 4 * KiB;

const short = { error: 'ERR_HUGEPAGES_NO_MEMORY', step: 'make' } as const;

/** The segment that a key names already. */
export function segmentWithKey({ request, machine }: Question): Segment | undefined {
  const { key } = request.source;
  return key === 0 ? undefined : machine.segments().segments?.find((segment) => segment.key === key);
}

/** EEXIST, or what keeps one from being adopted. */
export const adoptedSegment: Rule = (question) => {
  const { request, candidate, machine } = question;
  const found = segmentWithKey(question);
  if (found === undefined) return [];
  const name = `Segment ${keyText(request.source.key)}`;
  const facts = { key: found.key, id: found.id, byteLength: found.size, mode: found.mode, uid: found.uid };
  if (!request.source.adopt) {
    const adopt = "Take another key, or it with existing: 'adopt'";
    const message = `${name} is there already, of ${formatSize(found.size)}`;
    return [refusal('exists', 'ERR_HUGEPAGES_EXISTS', message, facts, { sentence: adopt, needsRoot: false })];
  }
  if (!mayUse(found, question)) {
    const owner = `user ${String(found.uid)}, mode ${found.mode.toString(8)}`;
    return [refusal('no-access', 'ERR_HUGEPAGES_PERMISSION', `${name} may not be read and written by this user: it is of ${owner}`, facts)];
  }
  const unit = candidate.backing === 'hugetlb' ? candidate.pageSize : BASE_PAGE;
  const pageSize = machine.segmentPageSize(found.id) ?? unit;
  if (pageSize !== unit) {
    const pages = `${formatSize(pageSize)} pages, and ${pagesName(candidate)}`;
    const options = pageSize === BASE_PAGE ? "backing: ['base']" : `backing: ['hugetlb'], pageSize: '${formatSize(pageSize)}'`;
    const mend = askFor(options, 'key');
    return [refusal('other-page-size', 'ERR_HUGEPAGES_MISMATCH', `${name} has ${pages} are asked for`, { ...facts, pageSize }, mend)];
  }
  if (Math.ceil(found.size / unit) * unit === candidate.byteLength) return [];
  const message = `${name} has ${formatSize(found.size)}, and ${formatSize(candidate.byteLength)} are asked for`;
  return [refusal('other-size', 'ERR_HUGEPAGES_MISMATCH', message, facts, askFor(`size: ${String(found.size)}`, 'key'))];
};

/** `0x1234`, as ipcs(1) shows it. */
export function keyText(key: number): string {
  return `0x${(key >>> 0).toString(16).padStart(8, '0')}`;
}

/** ipcperms() of ipc/util.c. */
function mayUse({ mode, uid, gid, creatorUid, creatorGid }: Segment, { machine }: Question): boolean {
  const { uid: own, groups } = machine.limits();
  if (own === 0) return true;
  const isGroup = groups.includes(gid) || groups.includes(creatorGid);
  const shift = own === uid || own === creatorUid ? 6 : isGroup ? 3 : 0;
  return ((mode >> shift) & 6) === 6;
}

/** EINVAL: `kernel.shmmax`. */
export const segmentSize: Rule = ({ candidate, machine }) => {
  const { shmmax = Infinity } = machine.limits();
  const { byteLength } = candidate;
  if (byteLength <= shmmax) return [];
  const message = `A segment may have ${formatSize(shmmax)} (kernel.shmmax), and ${formatSize(byteLength)} are asked for`;
  const remedy = writeRemedy('Raise it', '/proc/sys/kernel/shmmax', byteLength);
  return [{ ...short, code: 'shmmax', message, details: { shmmax, neededBytes: byteLength }, remedy }];
};

/** ENOSPC: `kernel.shmall`. */
export const segmentTotal: Rule = ({ candidate, machine }) => {
  const { shmall = Infinity } = machine.limits();
  const pagesOf = (bytes: number): number => Math.ceil(bytes / BASE_PAGE);
  const used = (machine.segments().segments ?? []).reduce((sum, { size }) => sum + pagesOf(size), 0);
  const total = used + pagesOf(candidate.byteLength);
  if (total <= shmall) return [];
  const sizes = [candidate.byteLength, used * BASE_PAGE, shmall * BASE_PAGE].map(formatSize);
  const message = `${sizes[0] ?? ''} more would pass kernel.shmall: segments have ${sizes[1] ?? ''} of ${sizes[2] ?? ''}`;
  const remedy = writeRemedy('Raise it', '/proc/sys/kernel/shmall', total);
  return [{ ...short, code: 'shmall', message, details: { shmall, usedPages: used }, remedy }];
};

/** EPERM of a segment on hugetlb pages. */
export const segmentPrivilege: Rule = ({ machine }) => {
  const { mayMakeHugetlbShm, hugetlbShmGroup, groups } = machine.limits();
  if (mayMakeHugetlbShm) return [];
  const [group] = groups;
  const message = `This process has no CAP_IPC_LOCK and is not of the group ${String(hugetlbShmGroup)} of vm.hugetlb_shm_group`;
  const details = { hugetlbShmGroup, groups };
  const remedy = writeRemedy('Let its group make such segments', '/proc/sys/vm/hugetlb_shm_group', group ?? 0);
  return [{ code: 'shm-group', error: 'ERR_HUGEPAGES_PERMISSION', step: 'make', message, details, remedy }];
};

/** ENOSPC: `kernel.shmmni`. */
export const segmentCount: Rule = ({ machine }) => {
  const { segments = [], most = Infinity } = machine.segments();
  if (segments.length < most) return [];
  const message = `There are ${String(segments.length)} segments, and there may be ${String(most)} (kernel.shmmni)`;
  const remedy = writeRemedy('Raise it', '/proc/sys/kernel/shmmni', Math.max(segments.length + 1, 2 * most));
  return [{ ...short, code: 'shmmni', message, details: { shmmni: most, segments: segments.length }, remedy }];
};

/** One that is there already is not made: its limits and its reservation were its maker's. */
export function unlessAdopted(rule: Rule): Rule {
  return (question) => (question.request.source.adopt && segmentWithKey(question) !== undefined ? [] : rule(question));
}
