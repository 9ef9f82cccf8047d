/** The C++ sources of the addon: binding.gyp runs this and reads the list, scripts import it. */
import { readdirSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Paths below the repository's root, sorted: build directories must not depend on the order of a directory. */
function sources(folder) {
  return readdirSync(`${ROOT}${folder}`)
    .filter((name) => name.endsWith('.cc'))
    .sort()
    .map((name) => `${folder}/${name}`);
}

export function addonSources() {
  return [...sources('native/core'), ...sources('native/binding')];
}

const isProgram = process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url);
if (isProgram) console.log(addonSources().join('\n'));
