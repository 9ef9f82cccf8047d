/** Debian's packages through an apt with directories of its own: nothing is installed, and the machine's lists stay as they are. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './cache.js';

/** The releases that Linux 5.10, 6.1 and 6.12 come from. */
const KERNEL_SUITES = ['bullseye', 'bookworm', 'bookworm-backports'];

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** The archive that this machine's own packages come from. */
export function archive(): string | undefined {
  const format = '$(ORIGIN) $(SUITE) $(COMPONENT) $(REPO_URI)';
  const targets = execFileSync('apt-get', ['indextargets', '--format', format, 'Created-By: Packages'], { encoding: 'utf8' });
  return /^Debian (?!\S*-security)\S+ main (\S+)$/m.exec(targets)?.[1];
}

/** The newest package whose name matches. */
export function newestPackage(pattern: RegExp): string {
  const names = apt(directory(), 'apt-cache', 'pkgnames').split('\n');
  const found = names.filter((name) => pattern.test(name)).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const newest = found.at(-1);
  if (newest === undefined) throw new Error(`${KERNEL_SUITES.join(', ')} have no package like ${pattern.source}`);
  return newest;
}

/** Unpacks packages, and those they depend on that this machine lacks. */
export function unpack(packages: readonly string[], target: string): void {
  const downloads = join(target, '.downloads');
  mkdirSync(join(downloads, 'partial'), { recursive: true });
  const install = ['install', '--download-only', '--no-install-recommends', '--yes', `-oDir::Cache::archives=${downloads}`];
  apt(directory(), 'apt-get', ...install, ...packages);
  const files = readdirSync(downloads).filter((name) => name.endsWith('.deb'));
  for (const name of files) execFileSync('dpkg-deb', ['--extract', join(downloads, name), target]);
  rmSync(downloads, { recursive: true });
}

function directory(): string {
  return cached('apt', (made) => {
    const own = /^VERSION_CODENAME=(.+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'stable';
    const suites = [...new Set([...KERNEL_SUITES, own])];
    const sources = suites.map((suite) => `deb [signed-by=${KEYRING}] ${archive() ?? ''} ${suite} main\n`);
    writeFileSync(join(made, 'sources.list'), sources.join(''));
    for (const path of ['lists/partial', 'cache']) mkdirSync(join(made, path), { recursive: true });
    // Without it, lists that could not be fetched are a warning.
    apt(made, 'apt-get', 'update', '--error-on=any');
  });
}

function apt(own: string, program: string, ...args: readonly string[]): string {
  const options = {
    'Dir::State': own,
    'Dir::State::status': '/var/lib/dpkg/status',
    'Dir::Cache': `${own}/cache`,
    'Dir::Etc::sourcelist': `${own}/sources.list`,
    'Dir::Etc::sourceparts': '/dev/null',
    // Nothing is installed: it needs neither dpkg's lock nor another user.
    'Debug::NoLocking': 'true',
    'APT::Sandbox::User': '',
  };
  const given = Object.entries(options).map(([name, value]) => `-o${name}=${value}`);
  return execFileSync(program, [...given, ...args], { encoding: 'utf8', stdio: 'pipe', maxBuffer: 2 ** 26 });
}
