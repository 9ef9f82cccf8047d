// dist/ is a few files and not one for each of lib/: Node spends half a millisecond on every module that it loads, as much on each 30 kB of
// them. Library and command line are bundled apart, each for its own start: what every program that imports the one loads is far more
// than a command needs.
import { defineConfig } from 'rolldown';
import { builtinModules } from './scripts/builtin-modules.mjs';
import { loadWhenCalled } from './scripts/load-when-called.mjs';

const INPUT = {
  platform: 'node',
  // An optional peer, which whoever wants charts installs.
  external: ['vega'],
};

const OUTPUT = {
  // Chunks stay beside index.js: lib/load-addon.ts looks for the addon from where it is.
  dir: 'dist',
  chunkFileNames: '[name]-[hash].js',
  format: 'esm',
  // A quarter of all, which the declarations have as well.
  comments: { jsdoc: false },
};

export default defineConfig([
  {
    ...INPUT,
    input: { index: 'lib/index.ts' },
    plugins: [
      builtinModules(),
      loadWhenCalled([
        'lib/bench/access.ts',
        'lib/bench/advise.ts',
        'lib/bench/fork.ts',
        'lib/bench/prefault.ts',
        'lib/bench/share.ts',
        'lib/bench/tlb/tlb.ts',
        'lib/host/mounts/leftovers.ts',
        'lib/host/pools/demote.ts',
        'lib/host/setup/setup.ts',
        'lib/inspect/address-space/address-space.ts',
        'lib/inspect/ledger/leaks.ts',
        'lib/inspect/ledger/ledger.ts',
        'lib/inspect/pagemap/pagemap.ts',
        'lib/inspect/processes/account.ts',
      ]),
    ],
    output: { ...OUTPUT, cleanDir: true, codeSplitting: { groups: [{ name: 'library', test: /lib\/index\.ts$/ }] } },
  },
  {
    ...INPUT,
    input: { 'cli/main': 'lib/cli/main.ts' },
    output: {
      ...OUTPUT,
      codeSplitting: {
        groups: [
          // What nearly every command loads.
          { name: 'machine', test: /lib\/host\/(cgroups|container|limits|thp|mounts\/mounts|pools\/pools)\.ts$/, priority: 2 },
          { name: 'render', test: /lib\/cli\/(command|output|render[\w-]*|usage|values)\.ts$/, priority: 1 },
        ],
      },
    },
  },
]);
