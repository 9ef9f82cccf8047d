/** `hugepages map`: the mappings of a process with huge pages, as a table, as a picture, as SVG. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { MAX_PID } from '../host/process-status.js';
import { fileError } from '../host/text.js';
import type { RootOptions } from '../host/text.js';
import { addressSpace } from '../inspect/address-space/address-space.js';
import type { AddressSpace } from '../inspect/address-space/address-space.js';
import { draw } from '../inspect/address-space/draw.js';
import { UsageError } from './command.js';
import type { Command } from './command.js';
import { renderColumns } from './map/columns.js';
import { renderSvg, SVG_ROOM } from './map/svg.js';
import { renderPicture, roomOf } from './map/terminal.js';
import { print } from './output.js';
import { printable } from './printable.js';
import { heading } from './render.js';
import { countValue, rootValue } from './values.js';

const HELP = `Usage: hugepages map PID [--all] [--json | --svg FILE] [--root DIR]

Shows the mappings of a process that have huge pages, of hugetlb or transparent
ones, with the columns of pmap -XX in KiB, and a picture of the address space.
Needs root for processes of others. Changes nothing.

On a terminal, columns that do not fit follow below; only names are cut.

A picture has a cell for each chunk of addresses, which shows what most of its
memory is. A blank is a gap that nothing maps, however long.

Options:
  --all       all mappings
  --svg FILE  draws the picture into a file instead; - is standard output
  --json      one JSON object; sizes are bytes:
                pid, command, hasAddressSpace (false of kernel threads and
                zombies), mappingCount (listed or not),
                mappings[]  start, end (hexadecimal), permissions, offset,
                            device, inode, path, deleted,
                            bytes { Size, Rss, ... as smaps has them },
                            numbers { THPeligible, ... }, flags[], huge,
                            pages[] { kind ('hugetlb', 'thp', 'base', 'swap',
                            'hugetlb-absent', 'absent'), pageSize, bytes }
                totals      sums of bytes over the mappings listed
                pages[]     the same by kind and page size
  --root DIR  the recorded proc and sys of another machine
  --help      this text

Exit code: 0, 1 when there is no such process, or it may not be read, or --svg
has nothing to draw, 2 for a wrong command line.

Examples:
  hugepages map 1234
  hugepages map 1234 --all | less -S
  hugepages map 1234 --svg map.svg
  hugepages map 1234 --json | jq '.totals.Private_Hugetlb'
`;

const OPTIONS = {
  all: { type: 'boolean' },
  svg: { type: 'string' },
  json: { type: 'boolean' },
  root: { type: 'string' },
} as const;

/** Columns, where there is no terminal. */
const WIDTH = 80;

export const map: Command = {
  help: HELP,
  async run(args) {
    const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
    const [pid, ...more] = positionals;
    if (pid === undefined || more.length > 0) throw new UsageError(`one PID is needed, and ${String(positionals.length)} are given`);
    if (values.json === true && values.svg !== undefined) throw new UsageError('--json and --svg are two outputs: choose one');
    const root = rootValue(values.root);
    const space = await addressSpace(countValue(pid, 'PID', 1, MAX_PID), { hugeOnly: values.all !== true, ...root });
    if (values.svg !== undefined) {
      if (space.mappings.length === 0) {
        process.stderr.write(`${nothing(space).join('\n')}\n`);
        return 1;
      }
      writeSvg(values.svg, renderSvg(space, await draw(space, SVG_ROOM, root)));
    } else {
      const lines = values.json === true ? [] : await render(space, root);
      print(withoutBigints(space), values.json, () => lines);
    }
    return 0;
  },
};

function writeSvg(file: string, svg: string): void {
  if (file === '-') process.stdout.write(svg);
  else {
    try {
      writeFileSync(file, svg);
    } catch (error) {
      throw fileError(`Could not write the picture of --svg to ${file}`, file, error);
    }
  }
}

async function render(space: AddressSpace, root: RootOptions): Promise<string[]> {
  const { mappings, mappingCount } = space;
  if (mappings.length === 0) return nothing(space);
  const columns = process.stdout.columns || WIDTH;
  return [
    `${headingOf(space)}: ${String(mappings.length)} of ${String(mappingCount)} mappings`,
    ...renderColumns(space, process.stdout.isTTY ? columns : Infinity),
    '',
    ...renderPicture(await draw(space, roomOf(mappings, columns), root)),
  ];
}

/** Why no mapping is listed. */
function nothing(space: AddressSpace): string[] {
  const why = space.hasAddressSpace
    ? `none of its ${String(space.mappingCount)} mappings has huge pages; --all shows them`
    : 'no address space: it is a kernel thread or a zombie';
  return [headingOf(space), `  ${why}`];
}

function headingOf({ pid, command }: AddressSpace): string {
  return heading(`${String(pid)}  ${printable(command)}`);
}

/** For JSON, which has no bigints. */
function withoutBigints({ mappings, ...space }: AddressSpace): object {
  const hexadecimal = (address: bigint): string => `0x${address.toString(16)}`;
  return {
    ...space,
    mappings: mappings.map(({ start, end, ...mapping }) => ({ start: hexadecimal(start), end: hexadecimal(end), ...mapping })),
  };
}
