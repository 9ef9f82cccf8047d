/** A mount namespace with an /etc and a /var/lib of its own: setup changes the kernel's settings for real, and no file of this machine. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { CLI, startCli } from './cli.js';
import type { CliResult, CliRun } from './cli.js';

const OWN = ['etc', 'var/lib'];

/** The namespace of a block of tests; it ends with the process that holds it, and that with this one. */
export class OwnEtc {
  /** Holds `etc`, `var/lib`, and what the tests make. Every user may enter it. */
  directory = '';
  #pid = 0;
  #end: () => Promise<unknown> = () => Promise.resolve();

  async open(): Promise<void> {
    this.directory = mkdtempSync(join(tmpdir(), 'hugepages-test-'));
    for (const path of [...OWN, 'etc/sysctl.d']) mkdirSync(join(this.directory, path), { recursive: true });
    for (const file of ['/etc/passwd', '/etc/group']) copyFileSync(file, join(this.directory, file));
    const binds = OWN.map((path) => `mount --bind "$1/${path}" /${path} && `).join('');
    const script = `chmod 755 "$1" && ${binds}echo ready && exec cat`;
    const holder = spawn('unshare', ['--mount', 'sh', '-c', script, 'sh', this.directory], { stdio: ['pipe', 'pipe', 'inherit'] });
    const exited = once(holder, 'exit');
    await Promise.race([once(holder.stdout, 'data'), exited.then(() => Promise.reject(new Error('unshare --mount failed')))]);
    this.#pid = holder.pid ?? 0;
    this.#end = async () => {
      holder.stdin.end();
      await exited;
    };
  }

  async close(): Promise<void> {
    await this.#end();
    rmSync(this.directory, { recursive: true });
  }

  /** A command that runs another one in the namespace. */
  enter(...command: readonly string[]): string[] {
    return ['nsenter', `--mount=/proc/${String(this.#pid)}/ns/mnt`, '--', ...command];
  }

  /** Runs a command in the namespace, and returns what it prints. */
  inside(...command: readonly string[]): string {
    const [nsenter = '', ...args] = this.enter(...command);
    return execFileSync(nsenter, args, { encoding: 'utf8' });
  }

  start(args: readonly string[], name = 'setup'): CliRun {
    // Node warns of certificates that are named here and that this /etc has not.
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: undefined };
    return startCli(args, { command: this.enter(process.execPath, CLI, name), env });
  }

  async setup(...args: readonly string[]): Promise<CliResult> {
    return this.start(args).result;
  }

  /** What mounts there are of hugetlbfs, without the numbers that every mount gets anew. */
  mounts(): string[] {
    const mountinfo = readFileSync(`/proc/${String(this.#pid)}/mountinfo`, 'utf8');
    return mountinfo.split('\n').flatMap((line) => (line.includes(' - hugetlbfs ') ? [line.split(' ').slice(4).join(' ')] : []));
  }

  /** Every file below the directory: text, target of a link, or mode of a directory. */
  files(): Record<string, string> {
    return readTree(this.directory);
  }
}

/** Opens one for a block of tests. Needs root. */
export function withOwnEtc(): OwnEtc {
  const own = new OwnEtc();
  beforeAll(() => own.open());
  afterAll(() => own.close());
  return own;
}

/** Every file below a directory: text, target of a link, or mode. */
export function readTree(directory: string): Record<string, string> {
  const found = readdirSync(directory).map((name): [string, string][] => {
    const path = join(directory, name);
    const stat = lstatSync(path);
    if (stat.isSymbolicLink()) return [[path, `-> ${readlinkSync(path)}`]];
    const mode = stat.mode.toString(8);
    return stat.isDirectory() ? [[path, mode], ...Object.entries(readTree(path))] : [[path, `${mode} ${readFileSync(path, 'utf8')}`]];
  });
  return Object.fromEntries(found.flat());
}
