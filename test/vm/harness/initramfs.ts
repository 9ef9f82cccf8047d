/** What a guest has before it sees the files of its host. */
import { copyFileSync, cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filter, tools } from './tools.js';

const INIT = fileURLToPath(new URL('init.sh', import.meta.url));

/** Builds it below a directory, and returns its path. `init`: its first process. */
export function initramfs(kernel: string, directory: string, init = INIT): string {
  const root = join(directory, 'initramfs');
  mkdirSync(join(root, 'bin'), { recursive: true });
  copyFileSync(init, join(root, 'init'));
  copyFileSync(join(tools(), 'bin/busybox'), join(root, 'bin/busybox'));
  cpSync(join(kernel, 'modules'), join(root, 'modules'), { recursive: true });
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' });
  writeFileSync(`${root}.cpio`, filter('busybox', ['cpio', '-o', '-H', 'newc'], paths.join('\n'), root));
  return `${root}.cpio`;
}
