/**
 * Runs the test suite on other versions of Node, with the addon and the library as they are built (`npm run test:matrix 22 26`).
 * Arguments that are no major version go to vitest.
 * The versions come from the npm package that holds Node's own Linux binaries.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './native-sources.mjs';
import { run } from './run.mjs';

const PACKAGE = `node-linux-${process.arch}`;
const SUPPORTED = ['20', '22', '24', '26'];
const isMajor = (argument) => /^\d+$/.test(argument);
const asked = process.argv.slice(2).filter(isMajor);
const vitestArguments = process.argv.slice(2).filter((argument) => !isMajor(argument));

function newest(major) {
  const answer = execFileSync('npm', ['view', `${PACKAGE}@${major}`, 'version', '--json', '--loglevel=error'], { encoding: 'utf8' });
  // One version is a string, several are a list, in the order of their publication.
  return [JSON.parse(answer)]
    .flat()
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .at(-1);
}

function install(major) {
  const prefix = path.join(ROOT, '.matrix', major);
  const home = path.join(prefix, 'node_modules', PACKAGE);
  const version = newest(major);
  const manifest = path.join(home, 'package.json');
  const isThere = existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === version;
  const options = ['--prefix', prefix, '--ignore-scripts', '--no-save', '--no-package-lock', '--loglevel=error'];
  if (!isThere && !run('npm', ['install', ...options, `${PACKAGE}@${version}`], { quiet: true })) process.exit(1);
  return path.join(home, 'bin');
}

let passed = true;
for (const major of asked.length > 0 ? asked : SUPPORTED) {
  const bin = install(major);
  const node = path.join(bin, 'node');
  console.log(`Node ${execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()}`);
  const env = { PATH: `${bin}${path.delimiter}${process.env.PATH}` };
  passed = run(node, ['node_modules/vitest/vitest.mjs', 'run', ...vitestArguments], { env }) && passed;
}
process.exitCode = passed ? 0 : 1;
