/** ^C and its kin, as something that long work can be stopped by. */
import { setImmediate } from 'node:timers/promises';

/** As a shell reports a program that died of the signal. */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143 } as const;
type InterruptName = keyof typeof EXIT_CODES;
const NAMES = Object.keys(EXIT_CODES) as InterruptName[];

/** From its construction to `stop()`, the signals abort instead of killing the process. */
export class Interrupt {
  readonly #controller = new AbortController();
  #received: InterruptName | undefined;

  constructor() {
    for (const name of NAMES) process.on(name, this.#listener);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The first signal that came. */
  get received(): InterruptName | undefined {
    return this.#received;
  }

  get exitCode(): number | undefined {
    return this.#received && EXIT_CODES[this.#received];
  }

  stop(): void {
    for (const name of NAMES) process.off(name, this.#listener);
  }

  // A second ^C, or the one that npm forwards, changes nothing: putting things back is under way.
  readonly #listener = (name: NodeJS.Signals): void => {
    if (this.#received !== undefined) return;
    this.#received = name as InterruptName;
    // Already here: a terminal that is gone can end the process at the next line that is written.
    process.exitCode = EXIT_CODES[this.#received];
    this.#controller.abort(new Error(`interrupted by ${name}`));
  };
}

/**
 * Runs what takes a signal, and then puts everything back and throws an AbortError.
 *
 * @param state - said of what was interrupted
 * @returns the exit code
 */
export async function interruptible(state: string, run: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const interrupt = new Interrupt();
  try {
    return await run(interrupt.signal);
  } catch (error) {
    if (interrupt.exitCode === undefined || !(error instanceof Error && error.name === 'AbortError')) throw error;
    process.stderr.write(`hugepages: interrupted by ${String(interrupt.received)}: ${state}\n`);
    return interrupt.exitCode;
  } finally {
    interrupt.stop();
  }
}

/** Lets the event loop deliver signals between two pieces of synchronous work, and throws when one has come. */
export async function pause(signal: AbortSignal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}
