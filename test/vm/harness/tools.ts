/** The programs that guests are built and run with, from packages that are unpacked and not installed. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { unpack } from './apt.js';
import { cached } from './cache.js';

const PACKAGES = ['qemu-system-x86', 'busybox-static', 'xz-utils', 'zstd'];

/** Where they are unpacked; what this machine has installed is not there. */
export function tools(): string {
  return cached('tools', (directory) => unpack(PACKAGES, directory));
}

/** Finds them, and their libraries. */
export function environment(): NodeJS.ProcessEnv {
  const programs = ['bin', 'usr/bin'].map((path) => join(tools(), path));
  const libraries = ['lib', 'usr/lib'].map((path) => join(tools(), path, 'x86_64-linux-gnu'));
  return { ...process.env, PATH: [...programs, process.env['PATH']].join(':'), LD_LIBRARY_PATH: libraries.join(':') };
}

/** QEMU's arguments that say where its firmware is. */
export function firmware(): string[] {
  return ['share/qemu', 'share/seabios'].flatMap((path) => ['-L', `${tools()}/usr/${path}`]);
}

/** What a program makes of its standard input. */
export function filter(program: string, args: readonly string[], input: Buffer | string, cwd?: string): Buffer {
  const { status, stdout, stderr, error } = spawnSync(program, args, { env: environment(), input, cwd, maxBuffer: 2 ** 28 });
  if (status === 0) return stdout;
  throw new Error(`${program} ${args.join(' ')}: ${stderr.toString()}`, { cause: error });
}

const FORMATS = [
  { program: 'xz', magic: 'fd377a585a00', args: ['--decompress', '--single-stream'] },
  { program: 'zstd', magic: '28b52ffd', args: ['--decompress'] },
];

/** The content of a file that may be compressed. */
export function decompress(file: Buffer): Buffer {
  const format = FORMATS.find(({ magic }) => file.subarray(0, magic.length / 2).toString('hex') === magic);
  return format === undefined ? file : filter(format.program, format.args, file);
}
