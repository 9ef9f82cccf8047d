/**
 * Runs one benchmark, or all: node benchmarks/run.mjs [NAME] [--check] [--quick]
 *
 * Bundles its TypeScript into build/benchmarks/, with the helpers it takes from lib/; the library under measure stays outside, as the
 * `hugepages` that users import from dist/. Holds the machine meanwhile, and puts its settings back however the run ends.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
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

// The benchmarks themselves look for --quick: support/quick.ts.
const OPTIONS = { check: { type: 'boolean' }, quick: { type: 'boolean' } };
const { positionals, values } = parseArgs({ allowPositionals: true, options: OPTIONS });
const [name] = positionals;
if (name === undefined) runEach();
else if (NAMES.includes(name)) await run(name);
else {
  console.error(`There is no benchmark '${name}', but: ${NAMES.join(', ')}`);
  process.exitCode = 2;
}

// In processes of their own: what one leaves in the heap and in compiled code is none of the next one's business.
function runEach() {
  for (const each of NAMES) {
    const { status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), each, ...process.argv.slice(2)], { stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
    if (status === null || status > 1) return;
  }
}

async function run(benchmark) {
  await build({
    input: { [benchmark]: fileURLToPath(new URL(`${benchmark}.ts`, HERE)) },
    platform: 'node',
    external: ['hugepages'],
    logLevel: 'warn',
    output: { dir: fileURLToPath(OUT), format: 'esm' },
  });
  await lockMachine();
  const before = readMachine();
  process.once('exit', () => restore(before));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(128 + constants.signals[signal]));
  const { default: benchmarked } = await import(new URL(`${benchmark}.js`, OUT));
  const allHeld = await benchmarked();
  if (values.check && !allHeld) process.exitCode = 1;
}
