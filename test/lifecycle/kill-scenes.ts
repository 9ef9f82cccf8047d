/** What a process is doing with memory of one source when it is killed, and what the test does with it meanwhile. */
import { rmSync } from 'node:fs';
import { expect } from 'vitest';
import { Region, allocateSync } from '../../lib/index.js';
import type { AllocateSyncOptions, Source } from '../../lib/index.js';
import { HUGE_PAGE as H } from '../support/page-sizes.js';
import { rejectionOf } from '../support/thrown.js';

type Operation = 'allocate' | 'persist' | 'resize' | 'attach' | 'sendTo' | 'receive';

export interface Scene {
  readonly operation: Operation;
  readonly source: Source;
  /** The sizes that it gets one after the other. */
  readonly sizes?: readonly number[];
}

const SHAREABLE = ['memfd', 'file', 'sysv'] as const;

export const SCENES: readonly Scene[] = [
  ...(['anonymous', ...SHAREABLE] as const).map((source) => ({ operation: 'allocate', source }) as const),
  { operation: 'persist', source: 'file' },
  { operation: 'resize', source: 'anonymous', sizes: [3 * H, 2 * H, H] },
  { operation: 'resize', source: 'memfd', sizes: [H, 4 * H, 2 * H, 3 * H] },
  { operation: 'resize', source: 'file', sizes: [H, 4 * H, 2 * H, 3 * H] },
  { operation: 'resize', source: 'sysv', sizes: [4 * H] },
  ...(['attach', 'sendTo', 'receive'] as const).flatMap((operation) => SHAREABLE.map((source) => ({ operation, source }))),
];

/** The most pages that a scene takes, on both sides. */
export const SCENE_PAGES = 4;

/** @param path - the mount, or the name of a persistent file on it */
export function optionsOf({ operation, source }: Scene, path: string): AllocateSyncOptions {
  const pages = ['allocate', 'resize'].includes(operation) ? SCENE_PAGES : SCENE_PAGES / 2;
  const at = source === 'file' ? { path, persistent: operation === 'persist' } : {};
  return { size: pages * H, backing: ['hugetlb'], source, ...at };
}

/** The side of a scene that lives. */
export class Survivor {
  readonly #region: Region | undefined;
  readonly #ended = new AbortController();
  readonly #busy: Promise<unknown> | undefined;

  constructor(
    private readonly operation: Operation,
    private readonly options: AllocateSyncOptions,
    private readonly socketPath: string,
  ) {
    if (operation === 'attach' || operation === 'receive') this.#region = allocateSync(options);
    if (operation === 'sendTo' || operation === 'receive') this.#busy = rejectionOf(this.#handOver());
  }

  token(): unknown {
    return this.#region?.share();
  }

  /** Goes on with what the other side has left. */
  async end(): Promise<void> {
    this.#ended.abort();
    if (this.#busy !== undefined) expect(await this.#busy).toMatchObject({ code: 'ABORT_ERR' });
    if (this.operation === 'persist') {
      // Whatever has the name has the size too.
      allocateSync({ ...this.options, existing: 'adopt' }).dispose();
      rmSync(String(this.options.path));
    }
    if (this.operation === 'receive' && this.#region !== undefined) {
      // A socket that nobody listens on may be left: it is replaced, and goes.
      const [received] = await Promise.all([Region.receive(this.socketPath), this.#region.sendTo(this.socketPath)]);
      received.dispose();
    }
    this.#region?.dispose();
  }

  async #handOver(): Promise<never> {
    const { signal } = this.#ended;
    for (;;) {
      if (this.#region !== undefined) await this.#region.sendTo(this.socketPath, { signal });
      else (await Region.receive(this.socketPath, { signal })).dispose();
    }
  }
}
