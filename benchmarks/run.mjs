/**
 * Runs one benchmark, or all and then sums up: node benchmarks/run.mjs [NAME] [--check] [--quick]
 *
 * Bundles its TypeScript into build/benchmarks/, with the helpers it takes from lib/; the library under measure stays outside, as the
 * `hugepages` that users import from dist/. Holds the machine meanwhile, and puts its settings back however the run ends.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'rolldown';
import { lockMachine } from '../test/support/machine-lock.mjs';
import { readMachine, restore } from '../test/support/machine-settings.mjs';

const HERE = new URL('.', import.meta.url);
const OUT = new URL('../build/benchmarks/', import.meta.url);
const NAMES = readdirSync(HERE)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length));

const OPTIONS = {
  /** Exit code 1 when something is not as it should be. */
  check: { type: 'boolean' },
  /** One round. The benchmarks themselves look for it: support/quick.ts. */
  quick: { type: 'boolean' },
  /** The run that started this one holds the machine. */
  held: { type: 'boolean' },
  /** Sums up the results that are there. */
  table: { type: 'boolean' },
  /** Writes the table of the README anew from summary/claims.ts. */
  readme: { type: 'boolean' },
};

const { positionals, values } = parseArgs({ allowPositionals: true, options: OPTIONS });
const [name] = positionals;
if (values.readme) (await bundled('summary/main')).writeFigures();
else if (values.table) await sumUp();
else if (name === undefined) await runEach();
else if (NAMES.includes(name)) await run(name);
else {
  console.error(`There is no benchmark '${name}', but: ${NAMES.join(', ')}`);
  process.exitCode = 2;
}

// In processes of their own: what one leaves in the heap and in compiled code is none of the next one's business.
async function runEach() {
  await lockMachine();
  rmSync(new URL('results/', HERE), { recursive: true, force: true });
  for (const each of NAMES) {
    const args = [fileURLToPath(import.meta.url), each, '--held', ...process.argv.slice(2)];
    const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
    console.log();
    if (status !== 0) process.exitCode = 1;
    if (status === null || status > 1) return;
  }
  await sumUp();
}

async function sumUp() {
  const { summarize } = await bundled('summary/main');
  if (!summarize(NAMES) && values.check) process.exitCode = 1;
}

async function run(benchmark) {
  if (!values.held) await lockMachine();
  const before = readMachine();
  process.once('exit', () => restore(before));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(128 + constants.signals[signal]));
  const { default: benchmarked } = await bundled(benchmark);
  const allHeld = await benchmarked();
  if (values.check && !allHeld) process.exitCode = 1;
}

async function bundled(entry) {
  const file = `${entry.replaceAll('/', '-')}.js`;
  await build({
    input: fileURLToPath(new URL(`${entry}.ts`, HERE)),
    platform: 'node',
    external: ['hugepages'],
    logLevel: 'warn',
    output: { file: fileURLToPath(new URL(file, OUT)), format: 'esm' },
  });
  return import(new URL(file, OUT));
}
