/** clang-tidy over native/ and test/core, with the compiler flags that CMakeLists.txt gives them. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { ROOT } from './native-sources.mjs';
import { run } from './run.mjs';

const BUILD = 'build-core-tidy';
const require = createRequire(import.meta.url);
const includes = [require('node-api-headers').include_dir, path.dirname(require.resolve('node-addon-api'))];

const configured = run('cmake', ['-S', ROOT, '-B', BUILD, `-DCMAKE_JS_INC=${includes.join(';')}`], { quiet: true });
if (!configured || !run('run-clang-tidy', ['-p', BUILD, '-quiet'], { quiet: true })) {
  console.error('clang-tidy found something, or is missing (Debian: apt-get install cmake g++ clang-tidy doctest-dev).');
  process.exitCode = 1;
}
