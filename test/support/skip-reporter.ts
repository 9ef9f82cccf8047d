/** Says at the end of a run why tests were skipped: the default reporter only counts them. */
import type { Reporter, TestModule } from 'vitest/node';

const REASON = /\[skipped: ([^\]]+)\]/;

export default class SkipReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = new Map<string, number>();
    const skipped = modules.flatMap((module) => [...module.children.allTests('skipped')]);
    // The others were not reached, because what comes before them failed: those failures are reported.
    for (const { fullName } of skipped.filter(({ options }) => options.mode === 'skip')) {
      const reason = REASON.exec(fullName)?.[1] ?? `no reason given: ${fullName}`;
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
    }
    for (const [reason, count] of counts) console.log(`skipped ${String(count)}: ${reason}`);
  }
}
