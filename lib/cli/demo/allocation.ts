/** Allocates the region, and says which backing it got and why. */
import { performance } from 'node:perf_hooks';
import { allocate } from '../../index.js';
import type { Backing, Region } from '../../index.js';
import { counted, formatSize } from '../../units.js';
import { list } from '../render.js';
import type { Stage } from './stage.js';

/** What {@link allocateRegion} got; times in milliseconds. */
export interface Allocation {
  readonly byteLength: number;
  readonly address: string;
  readonly backing: Backing;
  /** What was tried, in order, and what ruled it out. */
  readonly attempts: readonly { readonly backing: string; readonly pageSize: number; readonly error?: string; readonly note?: string }[];
  readonly milliseconds: number;
  readonly threads: number;
}

/** Populates it too, with a progress bar. An abort leaves nothing behind. */
export async function allocateRegion(size: number, stage: Stage): Promise<{ region: Region; allocation: Allocation }> {
  stage.title(`Allocation of ${formatSize(size)}`);
  const progress = stage.progress(size);
  const start = performance.now();
  let region: Region;
  try {
    const onProgress = ({ populatedBytes }: { populatedBytes: number }): void => {
      progress.update(populatedBytes);
    };
    region = await allocate({ size, prefault: { signal: stage.signal, onProgress } });
  } finally {
    progress.end();
  }
  const milliseconds = performance.now() - start;
  const threads = (await region.ready)?.threads ?? 0;
  const attempts = region.attempts.map(({ backing, pageSize, error, note }) => ({
    backing,
    pageSize,
    ...(error !== undefined && { error: error.message }),
    ...(note !== undefined && { note }),
  }));
  const allocation: Allocation = {
    byteLength: region.byteLength,
    address: `0x${region.address.toString(16)}`,
    backing: region.backing,
    attempts,
    milliseconds,
    threads,
  };
  stage.say(...renderAllocation(allocation));
  return { region, allocation };
}

function renderAllocation({ byteLength, address, backing, attempts, milliseconds, threads }: Allocation): string[] {
  const took = `${formatSize(byteLength)} at ${address} in ${milliseconds.toFixed(0)} ms, by ${counted(threads, 'thread')}`;
  return [
    ...list(attempts.map((tried) => [tried.backing, tried.error ?? 'taken'])),
    ...attempts.flatMap(({ note }) => (note === undefined ? [] : [`  ${note}`])),
    `  ${took}: ${backing.kind}, pages of ${formatSize(backing.pageSize)}`,
  ];
}
