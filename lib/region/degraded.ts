/** Pages that were degraded: tells the regions that survive without them. */
import type { EventEmitter } from 'node:events';
import { native } from '../native.js';
import type { DegradedPage } from './types.js';

interface Watched {
  /** Whoever listens holds the region; hearing does not. */
  readonly region: WeakRef<EventEmitter<DegradedEvents>>;
  /** Bytes. */
  readonly pageSize: number;
}

/** The events of a region. */
export interface DegradedEvents {
  degraded: [page: DegradedPage];
}

/** By handle. */
const watched = new Map<number, Watched>();
let listening = false;

/** Emits `degraded` on a region until {@link forgetDegraded}. */
export function watchDegraded(region: EventEmitter<DegradedEvents>, handle: number, pageSize: number): void {
  watched.set(handle, { region: new WeakRef(region), pageSize });
  if (listening) return;
  native.onDegraded(tellAll);
  listening = true;
}

export function forgetDegraded(handle: number): void {
  watched.delete(handle);
}

/** Tells what there is to tell by now. */
export function tellDegraded(handle: number): void {
  const { region, pageSize = 0 } = watched.get(handle) ?? {};
  const target = region?.deref();
  if (target === undefined) return;
  const { offsets, missed } = native.takeDegraded(handle);
  offsets.forEach((offset, i) => {
    // Not from within the addon's call, which would swallow what a listener throws.
    process.nextTick(() => target.emit('degraded', { offset, length: pageSize, missed: i === 0 ? missed : 0 }));
  });
}

function tellAll(): void {
  for (const handle of watched.keys()) tellDegraded(handle);
}
