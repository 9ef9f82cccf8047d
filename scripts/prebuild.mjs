/**
 * Makes the binary that the package ships, prebuilds/<platform>-<arch>/hugepages.node, and makes sure that it fits old systems.
 * It builds beside the checkout's own build, which prebuildify would delete.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { nodeHeaders } from './node-headers.mjs';
import { ROOT } from './native-sources.mjs';
import { run } from './run.mjs';

// lib/load-addon.ts promises it.
const OLDEST_GLIBC = [2, 31];
const INPUTS = ['binding.gyp', 'native', 'node_modules', 'package.json', 'scripts'];
const STAGE = path.join(ROOT, 'build-prebuild');
const BINARY = path.join(ROOT, `prebuilds/${process.platform}-${process.arch}/hugepages.node`);

function prebuild() {
  rmSync(STAGE, { recursive: true, force: true });
  mkdirSync(STAGE);
  for (const name of INPUTS) symlinkSync(`../${name}`, path.join(STAGE, name));
  const env = nodeHeaders === undefined ? {} : { npm_config_nodedir: nodeHeaders };
  const prebuildify = createRequire(import.meta.url).resolve('prebuildify/bin.js');
  const made = run(process.execPath, [prebuildify, '--napi', '--strip', '--cwd', STAGE, '--out', ROOT], { env, quiet: true });
  rmSync(STAGE, { recursive: true, force: true });
  return made;
}

/** The newest version of glibc that a symbol of the binary asks for. */
function glibcNeeded() {
  const versions = execFileSync('objdump', ['-T', BINARY], { encoding: 'utf8' }).matchAll(/GLIBC_(\d+)\.(\d+)/g);
  return [...versions].map(([, major, minor]) => [Number(major), Number(minor)]).reduce((a, b) => (newer(a, b) ? a : b), [0, 0]);
}

function newer([major, minor], [otherMajor, otherMinor]) {
  return major > otherMajor || (major === otherMajor && minor > otherMinor);
}

if (!prebuild()) process.exit(1);
createRequire(import.meta.url)(BINARY);
const needed = glibcNeeded();
console.log(`${path.relative(ROOT, BINARY)}: ${statSync(BINARY).size} bytes, needs glibc ${needed.join('.')}`);
if (newer(needed, OLDEST_GLIBC)) {
  console.error(`The binary needs a newer glibc than ${OLDEST_GLIBC.join('.')}: see native/binding/old_glibc.cc`);
  process.exit(1);
}
