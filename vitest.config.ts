import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Virtual machines take minutes: npm run test:vm.
    exclude: [...configDefaults.exclude, 'test/vm/**'],
    globalSetup: 'test/support/global-setup.ts',
    reporters: ['default', './test/support/skip-reporter.ts'],
    // Processes and not threads: what a region does to signals, limits and the address space is the whole process's.
    pool: 'forks',
    execArgv: ['--expose-gc'],
    // Pools belong to the machine: no file may see the pages of another.
    fileParallelism: false,
    // Growing a pool compacts memory, and the first touch of memory that a hypervisor never backed is slow.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Settling and restoring the machine.
    teardownTimeout: 30_000,
  },
});
