/** `hugepages doctor`: what is fine, what is not, and what to paste. */
import { parseArgs } from 'node:util';
import { doctor as examine } from '../host/doctor/doctor.js';
import type { Finding } from '../host/doctor/finding.js';
import type { Command } from './command.js';
import { print } from './output.js';
import { printable } from './printable.js';
import { bad, good, heading, remedyLines } from './render.js';
import { rootValue } from './values.js';

/** What `hugepages doctor --json` prints. */
export interface DoctorReport {
  readonly problems: number;
  readonly findings: readonly Finding[];
}

const HELP = `Usage: hugepages doctor [--json] [--root DIR]

Looks at the pools, their nodes and mounts, transparent huge pages, memory, and
at what this user and the cgroups allow. Says what is fine, what is not, and
what to paste into a shell. Changes nothing, and needs no root.

Options:
  --json      one JSON object:
                problems    how many
                findings[]  id, level ('problem', 'advice' or 'ok'), title,
                            detail, remedy { sentence, command, needsRoot }
  --root DIR  the recorded proc and sys of another machine
  --help      this text

Exit code: 0 when there is no problem, advice or not; 1 when there is one, or
something cannot be read; 2 for a wrong command line.

Examples:
  hugepages doctor
  hugepages doctor --json | jq -r '.findings[].remedy.command // empty'
`;

export const doctor: Command = {
  help: HELP,
  run(args) {
    const { values } = parseArgs({ args, options: { json: { type: 'boolean' }, root: { type: 'string' } } });
    const findings = examine(rootValue(values.root));
    const problems = findings.filter(({ level }) => level === 'problem').length;
    print({ problems, findings }, values.json, renderDoctor);
    return problems === 0 ? 0 : 1;
  },
};

const SECTIONS: readonly (readonly [level: Finding['level'], title: string, mark: string])[] = [
  ['problem', 'Problems', bad('✗')],
  ['advice', 'Advice', '!'],
  ['ok', 'Fine', good('✓')],
];

/** The report as lines for people, what matters most first. */
export function renderDoctor({ findings }: DoctorReport): string[] {
  const sections = SECTIONS.flatMap(([level, title, mark]) => {
    const found = findings.filter((finding) => finding.level === level);
    return found.length === 0 ? [] : [[heading(title), ...found.flatMap((finding) => lines(finding, mark))]];
  });
  return sections.flatMap((section, index) => (index === 0 ? section : ['', ...section]));
}

function lines({ level, title, detail, remedy }: Finding, mark: string): string[] {
  const first = `  ${mark} ${printable(title)}`;
  if (level === 'ok') return [first];
  return [first, ...[printable(detail), ...remedyLines(remedy)].map((line) => `    ${line}`)];
}
