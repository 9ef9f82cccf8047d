/** Reads a real file straight into the region, and checks every byte of it. */
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { Region } from '../../index.js';
import { formatSize, MiB } from '../../units.js';
import { bad, good, list } from '../render.js';
import { pause } from '../interrupt.js';
import type { Stage } from './stage.js';

const CHUNK = 8 * MiB;

/** What was read, and the hashes of both sides. */
export interface FileCheck {
  readonly path: string;
  /** The file's, or as much of it as the region holds. */
  readonly bytes: number;
  readonly milliseconds: number;
  readonly sha256: { readonly region: string; readonly file: string };
  readonly equal: boolean;
}

/** Uses the node executable: large, and on every machine that runs this. */
export async function checkFile(region: Region, stage: Stage): Promise<FileCheck> {
  const path = process.execPath;
  stage.title('A file, read by fs.readSync() into the region');
  const start = performance.now();
  const bytes = await readInto(region, path, stage);
  const milliseconds = performance.now() - start;
  const sha256 = { region: await hashRegion(region, bytes, stage), file: await hashFile(path, bytes, stage) };
  const check: FileCheck = { path, bytes, milliseconds, sha256, equal: sha256.region === sha256.file };
  stage.say(
    ...list([
      ['file', `${path}, ${formatSize(bytes)} in ${milliseconds.toFixed(0)} ms`],
      ['SHA-256 of the region', sha256.region],
      ['SHA-256 of the file', sha256.file],
    ]),
    check.equal ? good('  Equal') : bad('  Different'),
  );
  return check;
}

async function readInto(region: Region, path: string, stage: Stage): Promise<number> {
  const fd = openSync(path, 'r');
  try {
    const memory = region.bytes(0, Math.min(region.byteLength, fstatSync(fd).size));
    let filled = 0;
    while (filled < memory.length) {
      await pause(stage.signal);
      const count = readSync(fd, memory, filled, Math.min(CHUNK, memory.length - filled), filled);
      if (count === 0) break;
      filled += count;
    }
    return filled;
  } finally {
    closeSync(fd);
  }
}

async function hashRegion(region: Region, bytes: number, stage: Stage): Promise<string> {
  const memory = region.bytes(0, bytes);
  const hash = createHash('sha256');
  for (let offset = 0; offset < bytes; offset += CHUNK) {
    await pause(stage.signal);
    hash.update(memory.subarray(offset, offset + CHUNK));
  }
  return hash.digest('hex');
}

async function hashFile(path: string, bytes: number, stage: Stage): Promise<string> {
  const hash = createHash('sha256');
  const stream = createReadStream(path, { end: bytes - 1, highWaterMark: MiB, signal: stage.signal });
  for await (const chunk of stream) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
