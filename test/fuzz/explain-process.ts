/** A long-lived process that asks explain() and then does what it asked about. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AllocateOptions, Diagnosis } from '../../lib/index.js';

const CHILD = fileURLToPath(new URL('children/explain.mjs', import.meta.url));

/** What explain() said of an allocation, and what came of it. */
export interface Answer {
  readonly explained: Diagnosis;
  /** The diagnosis in the form of `done`. */
  readonly said: unknown;
  readonly done: unknown;
}

/** Bytes beyond what a process has of what each resource limit counts; undefined for no limit. */
export interface Room {
  /** RLIMIT_AS */
  readonly as: number | undefined;
  /** RLIMIT_DATA */
  readonly data: number | undefined;
  /** RLIMIT_MEMLOCK, which huge pages do without. */
  readonly memlock: number | undefined;
}

export class ExplainProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<[{ error: string }]>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = once(child, 'exit').then(([code, signal]) => [{ error: `it ended: ${String(code)}, ${String(signal)}` }]);
  }

  /** @param cgroup - the directory of the cgroup that it is to be in */
  static async start(cgroup: string, user: { uid?: number; gid?: number }): Promise<ExplainProcess> {
    const child = fork(CHILD, { ...user, execArgv: [] });
    await once(child, 'message');
    writeFileSync(`${cgroup}/cgroup.procs`, String(child.pid));
    return new ExplainProcess(child);
  }

  async hold(options: AllocateOptions & { touched: number }): Promise<void> {
    await this.#call('hold', options);
  }

  async release(): Promise<void> {
    await this.#call('release');
  }

  async ask(options: unknown, sync: boolean): Promise<Answer> {
    return (await this.#call('ask', { options, sync })) as Answer;
  }

  async limit(room: Room): Promise<void> {
    await this.#call('limit', room);
  }

  async end(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  async #call(command: string, value?: unknown): Promise<unknown> {
    this.#child.send({ command, value });
    const [answer] = (await Promise.race([once(this.#child, 'message'), this.#ended])) as [{ result?: unknown; error?: string }];
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.result;
  }
}
