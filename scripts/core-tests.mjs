/**
 * Builds native/core with its tests and runs them under AddressSanitizer with UndefinedBehaviorSanitizer, and under ThreadSanitizer.
 * Arguments go to doctest (`npm run test:core -- --test-case='*overlay*'`).
 */
import { availableParallelism } from 'node:os';
import { guardMachine } from '../test/support/guarded-machine.mjs';
import { ROOT } from './native-sources.mjs';
import { run } from './run.mjs';

const BUILDS = [
  { directory: 'build-core-asan', sanitize: 'address,undefined', env: { UBSAN_OPTIONS: 'print_stacktrace=1' } },
  { directory: 'build-core-tsan', sanitize: 'thread', env: { TSAN_OPTIONS: 'halt_on_error=1' } },
];

// Without a number, make starts every compiler at once.
const CORES = String(availableParallelism());

function build({ directory, sanitize }) {
  const options = [`-DHUGEPAGES_SANITIZE=${sanitize}`, '-DHUGEPAGES_WERROR=ON'];
  const configured = run('cmake', ['-S', ROOT, '-B', directory, ...options], { quiet: true });
  const built = configured && run('cmake', ['--build', directory, '--target', 'core_tests', '--parallel', CORES], { quiet: true });
  if (!built) console.error('The core tests need CMake, a C++ compiler and doctest (Debian: apt-get install cmake g++ doctest-dev).');
  return built;
}

async function test({ directory, sanitize, env }) {
  console.log(`core tests under ${sanitize}`);
  const end = await guardMachine();
  // setarch: ThreadSanitizer's shadow does not fit where the kernel randomises addresses with more bits than it knew of.
  const passed = run('setarch', ['-R', `${directory}/core_tests`, ...process.argv.slice(2)], { env });
  return (await end()) && passed;
}

let passed = true;
for (const variant of BUILDS) passed = build(variant) && (await test(variant)) && passed;
process.exitCode = passed ? 0 : 1;
