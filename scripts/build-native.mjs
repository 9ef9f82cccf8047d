/**
 * Compiles the addon into build/Release/hugepages.node, incrementally: configures only when there is no configuration yet, or when
 * it was made from other sources, another binding.gyp, another Node, or by cmake-js, which uses the same directory.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { nodeHeaders } from './node-headers.mjs';
import { ROOT, addonSources } from './native-sources.mjs';
import { run } from './run.mjs';

const NODE_GYP = createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js');
const BUILD = path.join(ROOT, 'build');
const SIGNATURE = path.join(BUILD, 'configured-from.json');

function nodeGyp(...args) {
  if (nodeHeaders !== undefined) args.push(`--nodedir=${nodeHeaders}`);
  // Of make only what it compiles: warnings have to be seen.
  if (run(process.execPath, [NODE_GYP, '--silent', ...args], { env: { MAKEFLAGS: '-s' } })) return;
  console.error('The addon could not be built. It needs g++, make and Python 3 (Debian: apt-get install g++ make python3).');
  process.exit(1);
}

const signature = JSON.stringify({
  node: process.version,
  headers: nodeHeaders,
  gyp: readFileSync(path.join(ROOT, 'binding.gyp'), 'utf8'),
  sources: addonSources(),
});
if (existsSync(path.join(BUILD, 'CMakeCache.txt'))) rmSync(BUILD, { recursive: true });
if (!existsSync(SIGNATURE) || readFileSync(SIGNATURE, 'utf8') !== signature) {
  nodeGyp('configure');
  writeFileSync(SIGNATURE, signature);
}
nodeGyp('build', '--jobs=max');
