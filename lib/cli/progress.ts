/** How far something is: a bar that moves on a terminal, a few lines elsewhere. */
import { progressBar } from './render.js';

/** Shows the progress of one thing. */
export interface Progress {
  /** @param done - of the total */
  update(done: number): void;
  /** Leaves the bar as it is; what is written next starts on a line of its own. */
  end(): void;
}

/** What {@link showProgress} writes to. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Without a terminal, a line is written whenever another quarter is done. */
export function showProgress(stream: ProgressStream, total: number): Progress {
  let quarters = 0;
  let started = false;
  if (stream.isTTY !== true) {
    return {
      update(done) {
        const now = Math.floor((4 * done) / total);
        if (now > quarters) stream.write(`  ${progressBar(done, total, 4)}\n`);
        quarters = Math.max(quarters, now);
      },
      end: () => undefined,
    };
  }
  return {
    update(done) {
      started = true;
      stream.write(`\r  ${progressBar(done, total)}`);
    },
    end() {
      if (started) stream.write('\n');
      started = false;
    },
  };
}
