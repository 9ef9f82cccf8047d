/** The columns of sizes of a table of processes: those that have something in any row. */
import type { HugePageUse } from '../../inspect/processes/use.js';
import { formatExactSize, formatSize } from '../../units.js';

/** What a row has, and in all. */
export type Sized = HugePageUse & { readonly total: number };

/** One column. */
export interface SizeColumn {
  readonly title: string;
  /** Bytes; undefined where the kernel did not say. */
  of(row: Sized): number | undefined;
}

const THP: readonly SizeColumn[] = [
  { title: 'anon THP', of: ({ anonHugePages }) => anonHugePages },
  { title: 'shmem THP', of: ({ shmemPmdMapped }) => shmemPmdMapped },
  { title: 'file THP', of: ({ filePmdMapped }) => filePmdMapped },
];

const TOTAL: SizeColumn = { title: 'total', of: ({ total }) => total };

/** The pools by page size, each by what is private and shared or by node, then THP, then all of it. */
export function sizeColumns(rows: readonly Sized[], byNode: boolean): SizeColumn[] {
  const pools = rows.flatMap(({ hugetlb }) => hugetlb);
  const pageSizes = distinct(pools.map(({ pageSize }) => pageSize));
  const nodes = distinct(pools.flatMap((pool) => (pool.nodes ?? []).map(({ node }) => node)));
  const hugetlb = pageSizes.flatMap((pageSize) => (byNode ? nodes.map((node) => nodeColumn(pageSize, node)) : poolColumns(pageSize)));
  return [...[...hugetlb, ...THP].filter((column) => rows.some((row) => column.of(row) !== 0)), TOTAL];
}

/** `-` for nothing, `?` for what is not known. */
export function sizeCell(bytes: number | undefined): string {
  if (bytes === undefined) return '?';
  return bytes === 0 ? '-' : formatExactSize(bytes);
}

function poolColumns(pageSize: number): SizeColumn[] {
  const column = (title: string, name: 'privateBytes' | 'sharedBytes'): SizeColumn => ({
    title: `${formatSize(pageSize)} ${title}`,
    of: ({ hugetlb }) => hugetlb.find((pool) => pool.pageSize === pageSize)?.[name] ?? 0,
  });
  return [column('private', 'privateBytes'), column('shared', 'sharedBytes')];
}

function nodeColumn(pageSize: number, node: number): SizeColumn {
  return {
    title: `${formatSize(pageSize)} node ${String(node)}`,
    of: ({ hugetlb }) => {
      const pool = hugetlb.find((candidate) => candidate.pageSize === pageSize);
      if (pool !== undefined && pool.nodes === undefined) return undefined;
      return pool?.nodes?.find((part) => part.node === node)?.bytes ?? 0;
    },
  };
}

function distinct(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}
