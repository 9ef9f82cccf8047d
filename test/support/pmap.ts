/** What pmap(1) of procps says of a process. */
import { execFileSync } from 'node:child_process';

/** A table of `pmap -XX`: the figures are KiB, as they are printed. */
export interface PmapTable {
  readonly rows: readonly {
    readonly address: string;
    readonly permissions: string;
    readonly offset: string;
    readonly device: string;
    readonly inode: string;
    readonly figures: Readonly<Record<string, number>>;
    /** VmFlags and the name, with single blanks. */
    readonly rest: string;
  }[];
  readonly totals: Readonly<Record<string, number>>;
}

const BEFORE = ['Address', 'Perm', 'Offset', 'Device', 'Inode'];

/** Runs `pmap -XX -p PID`. */
export function pmap(pid: number): PmapTable {
  const [, heading = '', ...lines] = execFileSync('pmap', ['-XX', '-p', String(pid)], { encoding: 'utf8' }).trimEnd().split('\n');
  const words = (line: string): string[] => line.trim().split(/\s+/);
  const names = words(heading).slice(BEFORE.length, -2); // behind the figures come VmFlags and Mapping
  const figures = (values: readonly string[]): Record<string, number> =>
    Object.fromEntries(names.map((name, index) => [name, Number(values[index])]));
  const ruler = lines.findIndex((line) => line.includes('===='));
  return {
    rows: lines.slice(0, ruler).map((line) => {
      const [address = '', permissions = '', offset = '', device = '', inode = '', ...rest] = words(line);
      return { address, permissions, offset, device, inode, figures: figures(rest), rest: rest.slice(names.length).join(' ') };
    }),
    totals: figures(words(lines[ruler + 1] ?? '')),
  };
}
