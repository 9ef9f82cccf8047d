/** Regions that can be shared, and a socket to hand them over on. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect } from 'vitest';
import { allocateSync } from '../../lib/index.js';
import type { AllocateSyncOptions, Region } from '../../lib/index.js';
import { BASE_PAGE } from './page-sizes.js';

/** Two base pages of a memfd, or as the options say. */
export function shareable(options: Partial<AllocateSyncOptions> = {}): Region {
  return allocateSync({ size: 2 * BASE_PAGE, backing: ['base'], source: 'memfd', ...options });
}

/** A path for a socket, in a directory of its own for each test, which has to be left as it was. */
export interface SocketPlace {
  readonly directory: string;
  readonly path: string;
}

export function withSocketPlace(): SocketPlace {
  const place = { directory: '', path: '' };
  beforeEach(() => {
    place.directory = mkdtempSync(join(tmpdir(), 'hugepages-handover-'));
    place.path = join(place.directory, 'socket');
  });
  afterEach(() => {
    expect(existsSync(place.path)).toBe(false);
    rmSync(place.directory, { recursive: true });
  });
  return place;
}

/** A socket that is connected as soon as somebody listens. */
export async function connectTo(path: string): Promise<Socket> {
  for (;;) {
    const socket = connect(path);
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    if (connected) return socket.on('error', () => undefined);
    await delay(1);
  }
}
