/** A kernel of Debian's that QEMU starts at once, and the modules that a guest needs. */
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newestPackage, unpack } from './apt.js';
import { cached } from './cache.js';
import { NEEDED, guestModules } from './modules.js';
import { decompress } from './tools.js';

/** Those of Debian 11, 12 and 12's backports. */
export type KernelVersion = '5.10' | '6.1' | '6.12';

/** A directory with `vmlinux`, and `modules` with a list of their `order`. */
export function kernel(version: KernelVersion): string {
  return cached(`linux-${version}-with-${NEEDED.join('-')}`, (directory) => {
    const unpacked = join(directory, 'package');
    unpack([newestPackage(new RegExp(`^linux-image-${version}\\.[^-]+(-\\d+)?-amd64$`))], unpacked);
    const files = readdirSync(unpacked, { recursive: true, encoding: 'utf8' });
    const image = files.find((file) => file.startsWith('boot/vmlinuz-')) ?? '';
    writeFileSync(join(directory, 'vmlinux'), payload(readFileSync(join(unpacked, image))));
    const modules = guestModules(unpacked, files);
    mkdirSync(join(directory, 'modules'));
    for (const [name, module] of modules) writeFileSync(join(directory, 'modules', name), module);
    writeFileSync(join(directory, 'modules/order'), [...modules.keys(), ''].join('\n'));
    rmSync(unpacked, { recursive: true });
  });
}

/** What a bzImage unpacks, by its header (Documentation/arch/x86/boot.rst): to unpack it under emulation takes longer than all the rest. */
function payload(image: Buffer): Buffer {
  const setupSectors = image.readUInt8(0x1f1);
  const start = (setupSectors + 1) * 512 + image.readUInt32LE(0x248);
  // The last four bytes are the size of the result.
  return decompress(image.subarray(start, start + image.readUInt32LE(0x24c) - 4));
}
