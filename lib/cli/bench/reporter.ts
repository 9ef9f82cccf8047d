/** How far a benchmark is: a line that changes on a terminal, and nothing elsewhere. */
import type { BenchProgress } from '../../bench/types.js';
import type { ProgressStream } from '../progress.js';

const CLEAR_LINE = '\r\x1b[K';

export interface Reporter {
  readonly update: (progress: BenchProgress) => void;
  /** Takes the line away. */
  readonly end: () => void;
}

export function reporter(stream: ProgressStream): Reporter {
  let shown = false;
  if (stream.isTTY !== true) return { update: () => undefined, end: () => undefined };
  return {
    update: ({ done, total, what }) => {
      shown = true;
      stream.write(`${CLEAR_LINE}  ${String(done)} of ${String(total)}: ${what}`);
    },
    end: () => {
      if (shown) stream.write(CLEAR_LINE);
      shown = false;
    },
  };
}
