/** `hugepages explain`: what an allocation would come to, and what mends what rules it out. */
import { parseArgs } from 'node:util';
import { pagesName } from '../host/explain/question.js';
import type { CandidateDiagnosis, Diagnosis, Reason } from '../host/explain/types.js';
import { explain as explainAllocation } from '../region/explain.js';
import type { AllocateOptions, BackingKind, NumaPolicy, Source } from '../region/types.js';
import { formatSize } from '../units.js';
import { UsageError } from './command.js';
import type { Command } from './command.js';
import { print } from './output.js';
import { printable } from './printable.js';
import { bad, good, remedyLines } from './render.js';
import { rootValue } from './values.js';

const HELP = `Usage: hugepages explain SIZE [options]

Says whether allocate() would get SIZE bytes now, on which pages, and what rules
each kind of page out: everything, in the order in which the kernel would meet
it, with the command that mends it. Changes nothing, and needs no root.
What the limits of a process and its cgroup are is seen from where this runs: in
the shell of the program, or with its user and its unit.

Options:
  --page-size SIZE   of the hugetlb pool: a size, 'default' or 'largest'
  --backing LIST     kinds of pages in the order to try them, by commas:
                     hugetlb,thp,base without this option
  --source KIND      anonymous, memfd, file or sysv
  --path PATH        of the file, or of the directory to make one in
  --key NUMBER       of the segment: 1234, 0x4d2
  --persistent       it keeps its path or key
  --adopt            with --persistent: one that is there already is taken
  --shared           MAP_SHARED
  --no-reserve       without a reservation in the pool
  --no-prefault      without populating the pages
  --numa MODE:NODES  memory policy: bind:0, interleave:0,1, preferred:1, local
  --alignment SIZE   of the address
  --guard            with a guard page on either side
  --root DIR         the recorded proc and sys of another machine
  --json             one JSON object; sizes are bytes:
                       possible
                       backing       kind, pageSize; only when possible
                       candidates[]  backing, pageSize, byteLength, possible,
                                     reasons[] { code, error, step, message,
                                       details,
                                       remedy { sentence, command, needsRoot } }
  --help             this text

Exit code: 0 when it would succeed, 1 when it would not or something failed, 2
for a wrong command line.

Examples:
  hugepages explain 1GiB
  hugepages explain 4GiB --backing hugetlb --page-size 1GiB --numa bind:1
  hugepages explain 64MiB --json | jq '.candidates[].reasons[].remedy.command'
`;

const OPTIONS = {
  'page-size': { type: 'string' },
  backing: { type: 'string' },
  source: { type: 'string' },
  path: { type: 'string' },
  key: { type: 'string' },
  persistent: { type: 'boolean' },
  adopt: { type: 'boolean' },
  shared: { type: 'boolean' },
  'no-reserve': { type: 'boolean', default: false },
  'no-prefault': { type: 'boolean', default: false },
  numa: { type: 'string' },
  alignment: { type: 'string' },
  guard: { type: 'boolean' },
  root: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const explain: Command = {
  help: HELP,
  run(args) {
    const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
    const [size, ...more] = positionals;
    if (size === undefined || more.length > 0) throw new UsageError(`one SIZE is needed, and ${String(positionals.length)} are given`);
    const options: AllocateOptions = {
      size,
      reserve: !values['no-reserve'],
      prefault: !values['no-prefault'],
      ...given('source', values.source as Source | undefined),
      ...given('path', values.path),
      ...given('key', values.key === undefined ? undefined : segmentKey(values.key)),
      ...given('persistent', values.persistent),
      ...given('existing', values.adopt === true ? 'adopt' : undefined),
      ...given('shared', values.shared),
      ...given('guard', values.guard),
      ...given('alignment', values.alignment),
      ...given('pageSize', values['page-size']),
      ...given('backing', values.backing?.split(',') as BackingKind[] | undefined),
      ...given('numa', values.numa === undefined ? undefined : policy(values.numa)),
    };
    const diagnosis = explainAllocation(options, rootValue(values.root));
    print(diagnosis, values.json, renderDiagnosis);
    return diagnosis.possible ? 0 : 1;
  },
};

/** An option that is left out where it was not given: the library's own default holds. */
function given<K extends keyof AllocateOptions>(name: K, value: AllocateOptions[K] | undefined): Pick<AllocateOptions, K> | undefined {
  return value === undefined ? undefined : ({ [name]: value } as Pick<AllocateOptions, K>);
}

/** `bind:0,1`; the library checks what it says. */
function policy(text: string): NumaPolicy {
  const [mode, nodes] = text.split(':', 2);
  return { mode: mode as NumaPolicy['mode'], ...(nodes !== undefined && { nodes: nodes.split(',').map(nodeNumber) }) };
}

/** As ipcs(1) shows it, without a sign. */
function segmentKey(text: string): number {
  const key = Number(text);
  return key >= 2 ** 31 && key < 2 ** 32 ? key - 2 ** 32 : key;
}

function nodeNumber(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : NaN;
}

/** The diagnosis as lines for people. */
export function renderDiagnosis({ possible, candidates }: Diagnosis): string[] {
  const taken = possible ? candidates.find((candidate) => candidate.possible) : undefined;
  const verdict =
    taken === undefined ? bad('No: it would fail.') : good(`Yes: ${formatSize(taken.byteLength)} on ${pagesName(taken)}.`);
  // Only a page size that the machine lacks keeps a possible backing from being tried.
  const otherwise = possible ? 'possible' : 'not tried: a page size that does not exist is an error';
  const state = (candidate: CandidateDiagnosis): string =>
    candidate.possible ? (candidate === taken ? good('would be taken') : otherwise) : bad('ruled out');
  return [verdict, ...candidates.flatMap((candidate) => ['', ...candidateLines(candidate, state(candidate))])];
}

const NO_SUCH_PAGES = ['no-hugetlb', 'no-thp'];

function candidateLines({ backing, pageSize, reasons }: CandidateDiagnosis, state: string): string[] {
  const pages = reasons.some(({ code }) => NO_SUCH_PAGES.includes(code)) ? '' : `, ${formatSize(pageSize)} pages`;
  // A pool that is too small on a node is so at every step, and mended once.
  const messages = [...new Set(reasons.map(({ message }) => message))];
  const alike = messages.map((message) => reasons.filter((reason) => reason.message === message));
  return [`${backing}${pages}: ${state}`, ...alike.flatMap(reasonLines)];
}

const STEPS = {
  make: 'when its file or segment is made',
  map: 'when it is mapped',
  bind: 'when its NUMA policy is set',
  populate: 'when its pages are populated',
} as const;

/** @param alike - the same reason at one step or several */
function reasonLines(alike: readonly Reason[], index: number): string[] {
  const steps = alike.map(({ step }) => STEPS[step]).join(' and ');
  const remedy = alike[0]?.remedy;
  const lines = [...remedyLines(remedy), ...(remedy?.needsRoot === true ? ['(needs root)'] : [])];
  return [`  ${String(index + 1)}. ${printable(alike[0]?.message ?? '')}`, `     Fails ${steps}.`, ...lines.map((line) => `     ${line}`)];
}
