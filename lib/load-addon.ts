/** Finds the compiled addon, and says what is wrong and how to mend it when none fits. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { HugePagesError } from './errors.js';
import type { Native } from './native.js';

const ROOT = new URL('..', import.meta.url);

/** A checkout's own build comes first, so that a developer never tests a binary from before the last change. */
const CANDIDATES = ['build/Release/hugepages.node', `prebuilds/linux-${process.arch}/hugepages.node`] as const;

/**
 * Loads the addon.
 *
 * @throws HugePagesError `ERR_HUGEPAGES_ADDON` with every place that was tried and what each answered
 */
export function loadAddon(root: URL = ROOT): Native {
  const tried: string[] = [];
  for (const candidate of CANDIDATES) {
    const path = fileURLToPath(new URL(candidate, root));
    if (!existsSync(path)) {
      tried.push(`${path}: no such file`);
      continue;
    }
    try {
      // As require() does in the end, which takes 2 ms to get there.
      const module = { exports: {} };
      process.dlopen(module, path);
      return module.exports as Native;
    } catch (error) {
      tried.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new HugePagesError('ERR_HUGEPAGES_ADDON', `hugepages could not load its native addon.\n  ${tried.join('\n  ')}\n`, {
    details: { platform: process.platform, arch: process.arch, node: process.version, tried },
    remedy: remedy(),
  });
}

function remedy(): string {
  if (process.platform !== 'linux') return `hugepages works on Linux only, and this is ${process.platform}`;
  return (
    `The package ships a binary for linux-x64 with glibc 2.31 or newer; for anything else build it from a checkout ` +
    `(with g++, make and Python 3): npm ci && npm run build`
  );
}
