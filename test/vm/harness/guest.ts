/** A virtual machine that runs one Node program of this checkout, and ends with it. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { initramfs } from './initramfs.js';
import { kernel } from './kernel.js';
import type { KernelVersion } from './kernel.js';
import { qemu } from './qemu.js';
import type { Hardware } from './qemu.js';

export interface Guest extends Hardware {
  readonly kernel: KernelVersion;
}

export interface GuestResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What the program left in {@link RESULTS}, by name. */
  readonly files: Readonly<Record<string, string>>;
}

/** In the guest: a directory that the host reads when the guest is gone. */
export const RESULTS = '/run/guest/results';

/**
 * Emulated processors at times see code that the kernel has half patched, and it panics while it boots. A guest that has begun with its
 * program is never booted again.
 */
const BOOTS = 3;

/**
 * Boots, runs `node` with these arguments as root, and powers off. The program finds the files of this machine, with this checkout as
 * its working directory; what it changes goes with the guest.
 *
 * @throws Error with the last words of the kernel when the guest ends before its program
 */
export async function runInGuest(guest: Guest, args: readonly string[]): Promise<GuestResult> {
  const directory = mkdtempSync(join(tmpdir(), 'hugepages-guest-'));
  const share = join(directory, 'share');
  try {
    mkdirSync(join(share, 'results'), { recursive: true });
    writeFileSync(join(share, 'program'), script([process.execPath, ...args]));
    const linux = kernel(guest.kernel);
    const initrd = initramfs(linux, directory);
    let console = '';
    for (let boot = 1; boot <= BOOTS && !hasBegun(share); boot++) {
      console = await qemu(guest, { kernel: join(linux, 'vmlinux'), initrd, share });
    }
    return readResult(share, console);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The rest of a guest's life, once it sees its files. */
function script(command: readonly string[]): string {
  const quoted = command.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  return `cd '${process.cwd()}'
${quoted} </dev/null >/run/guest/stdout 2>/run/guest/stderr
echo $? >/run/guest/code
echo o >/proc/sysrq-trigger
exec sleep 60
`;
}

/** The shell of {@link script} makes the file before it starts the program. */
function hasBegun(share: string): boolean {
  return existsSync(join(share, 'stdout'));
}

function readResult(share: string, console: string): GuestResult {
  const read = (name: string): string => readFileSync(join(share, name), 'utf8');
  const names = readdirSync(join(share, 'results'));
  const files = Object.fromEntries(names.map((name) => [name, read(`results/${name}`)]));
  if (!existsSync(join(share, 'code'))) {
    throw new Error(`The guest ended before its program\n${console.slice(-4000)}${inspect(files)}`);
  }
  return { code: Number(read('code')), stdout: read('stdout'), stderr: read('stderr'), files };
}
