/** What a rule is asked, and how it answers. */
import { counted, formatSize } from '../../units.js';
import type { Remedy } from '../remedy.js';
import type { Machine } from './machine.js';
import type { Reason, Request, RequestedBacking } from './types.js';

/** One backing of a request, on a machine. */
export interface Question {
  readonly request: Request;
  readonly candidate: RequestedBacking;
  readonly machine: Machine;
}

/** One thing that the kernel checks: no reason where it passes. */
export type Rule = (question: Question) => readonly Reason[];

/** Why a file or segment cannot be made. */
export function refusal(code: string, error: Reason['error'], message: string, details: Reason['details'], remedy?: Remedy): Reason {
  return { code, error, step: 'make', message, details, ...(remedy && { remedy }) };
}

/** For what is there already and not as it was asked for: nothing that would take somebody's data. */
export function askFor(options: string, name: 'path' | 'key'): Remedy {
  return { sentence: `Ask for ${options}, or name another ${name}`, needsRoot: false };
}

const NAMES = { hugetlb: 'hugetlb pages', thp: 'transparent huge pages', base: 'base pages' } as const;

/** `2MiB hugetlb pages` */
export function pagesName({ backing, pageSize }: Pick<RequestedBacking, 'backing' | 'pageSize'>): string {
  return `${formatSize(pageSize)} ${NAMES[backing]}`;
}

/** `1 page`, `2 pages` */
export function pagesText(pages: number): string {
  return `${String(pages)} ${pages === 1 ? 'page' : 'pages'}`;
}

/** Regions that nobody disposed hold their pages until the garbage collector comes, which a synchronous loop never lets happen. */
export function heldText({ regions, bytes }: Machine['held']): string[] {
  if (regions === 0) return [];
  return [`this process holds ${counted(regions, 'undisposed region')} of ${formatSize(bytes)}`];
}
