/** How the kernel deals out transparent huge pages. */
import { writeRemedy } from '../remedy.js';
import { THP } from '../thp.js';
import type { Facts } from './facts.js';
import type { Finding } from './finding.js';

/** Nothing on a kernel without transparent huge pages, besides that. */
export function thpFindings(facts: Facts): Finding[] {
  const { enabled } = facts.thp;
  if (enabled === undefined) {
    const title = 'This kernel has no transparent huge pages';
    return [{ id: 'thp', level: 'advice', title, detail: 'What finds no hugetlb page gets base pages.' }];
  }
  const mode: Finding = { id: 'thp', ...modeState(enabled, facts.collapse) };
  return enabled === 'never' ? [mode, ...processFindings(facts)] : [mode, ...defragFindings(facts), ...processFindings(facts)];
}

/** Whether regions on transparent huge pages can be had at all. */
export function hasTransparent({ thp, limits, collapse }: Facts): boolean {
  if (thp.enabled === undefined || limits.thpEnabled === false) return false;
  return thp.enabled !== 'never' || collapse;
}

function modeState(enabled: string, collapse: boolean): Omit<Finding, 'id'> {
  const remedy = writeRemedy('Give them to programs that ask for them', `${THP}/enabled`, 'madvise');
  switch (enabled) {
    case 'never':
      return {
        level: 'advice',
        title: 'Page faults get no transparent huge pages (never)',
        detail: collapse
          ? 'Regions of this library that are populated at once get them by MADV_COLLAPSE; all other memory has base pages.'
          : 'What finds no hugetlb page gets base pages.',
        remedy,
      };
    case 'always':
      return {
        level: 'advice',
        title: 'Every program gets transparent huge pages',
        detail: 'Those that touch little of much memory grow by it, and the pages are used up before others ask for them.',
        remedy,
      };
    default:
      return { level: 'ok', title: `Programs that ask get transparent huge pages (${enabled})`, detail: 'Others keep base pages.' };
  }
}

function defragFindings({ thp, vmstat }: Facts): Finding[] {
  const { defrag } = thp;
  if (defrag === undefined) return [];
  const id = 'thp-defrag';
  const remedy = writeRemedy('Let only those wait that ask for huge pages', `${THP}/defrag`, 'madvise');
  if (defrag === 'always') {
    const stalls = vmstat['compact_stall'] ?? 0;
    return [
      {
        id,
        level: 'advice',
        title: 'Page faults of every program may wait for compaction',
        detail: `It shows as latency that nothing else explains: ${String(stalls)} stalls since boot.`,
        remedy,
      },
    ];
  }
  if (defrag === 'never') {
    const detail = 'Once memory is fragmented, programs that ask for them get base pages.';
    return [{ id, level: 'advice', title: 'Page faults take huge pages only where they lie ready', detail, remedy }];
  }
  const title = `Page faults wait for huge pages only where that was asked for (defrag is ${defrag})`;
  return [{ id, level: 'ok', title, detail: 'Others take what lies ready.' }];
}

function processFindings({ limits }: Facts): Finding[] {
  if (limits.thpEnabled !== false) return [];
  return [
    {
      id: 'thp-process',
      level: 'problem',
      title: 'Transparent huge pages were taken from this process',
      detail: 'It, or the program that started it, called prctl(PR_SET_THP_DISABLE); children inherit it.',
      remedy: { sentence: 'Start it from another program: a service manager, a fresh login', needsRoot: false },
    },
  ];
}
