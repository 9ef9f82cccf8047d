/** What every step of the demo is given. */
import { showProgress } from '../progress.js';
import type { Progress } from '../progress.js';
import { heading } from '../render.js';

/** Where a step speaks, and what stops it. */
export interface Stage {
  readonly signal: AbortSignal;
  title(text: string): void;
  say(...lines: string[]): void;
  progress(total: number): Progress;
}

/** Speaks to people on standard output. */
export function loudStage(signal: AbortSignal): Stage {
  const say = (...lines: string[]): void => {
    process.stdout.write(`${lines.join('\n')}\n`);
  };
  let first = true;
  return {
    signal,
    say,
    title: (text) => {
      say(...(first ? [] : ['']), heading(text));
      first = false;
    },
    progress: (total) => showProgress(process.stdout, total),
  };
}

/** Says nothing: the report is printed instead. */
export function silentStage(signal: AbortSignal): Stage {
  const nothing = (): void => undefined;
  return { signal, say: nothing, title: nothing, progress: () => ({ update: nothing, end: nothing }) };
}
