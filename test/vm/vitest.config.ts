/** Tests in virtual machines (`npm run test:vm`): they change nothing on this one and need no lock on it; guest-memory takes its own. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/vm/**/*.test.ts'],
    reporters: ['default', './test/support/skip-reporter.ts'],
    // One guest at a time: each has gigabytes, and keeps several processors busy.
    fileParallelism: false,
  },
});
