// dist/ is a few files and not one for each of lib/: Node spends about a millisecond on every module that it loads.
import { defineConfig } from 'rolldown';

export default defineConfig({
  input: { index: 'lib/index.ts', 'cli/main': 'lib/cli/main.ts' },
  platform: 'node',
  // An optional peer, which whoever wants charts installs.
  external: ['vega'],
  // Chunks stay beside index.js: lib/load-addon.ts looks for the addon from where it is.
  output: {
    dir: 'dist',
    format: 'esm',
    chunkFileNames: '[name]-[hash].js',
    cleanDir: true,
    codeSplitting: {
      groups: [
        // What nearly every command loads.
        { name: 'machine', test: /lib\/host\/(cgroups|container|limits|thp|mounts\/mounts|pools\/pools)\.ts$/, priority: 2 },
        { name: 'render', test: /lib\/cli\/(command|output|render[\w-]*|usage|values)\.ts$/, priority: 1 },
      ],
    },
  },
});
