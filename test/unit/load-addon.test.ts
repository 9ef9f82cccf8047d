/** The loader says what is wrong and how to mend it, for each way in which no binary fits. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadAddon } from '../../lib/load-addon.js';
import { errorOf } from '../support/thrown.js';

const BUILT = new URL('../../build/Release/hugepages.node', import.meta.url);

describe('loading the addon', () => {
  let folder = '';
  const root = (): URL => pathToFileURL(`${folder}/`);
  const place = (path: string): string => {
    const file = join(folder, path);
    mkdirSync(join(file, '..'), { recursive: true });
    return file;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hugepages-load-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('names every place where there is none, and how to build one', () => {
    expect(errorOf(() => loadAddon(root()))).toMatchObject({
      name: 'HugePagesError',
      code: 'ERR_HUGEPAGES_ADDON',
      message: expect.stringMatching(/build\/Release\/hugepages\.node: no such file[^]*prebuilds\/linux-\w+\/\S+: no such file/) as string,
      remedy: expect.stringContaining('npm run build') as string,
      details: { platform: process.platform, arch: process.arch, node: process.version },
    });
  });

  it('says what the dynamic linker answered for a file that is no addon', () => {
    writeFileSync(place(`prebuilds/linux-${process.arch}/hugepages.node`), 'not an ELF file');
    expect(errorOf(() => loadAddon(root()))).toMatchObject({
      code: 'ERR_HUGEPAGES_ADDON',
      message: expect.stringMatching(/hugepages\.node: .*(file too short|invalid ELF header)/) as string,
    });
  });

  it('takes the prebuilt binary where there is no build', () => {
    copyFileSync(BUILT, place(`prebuilds/linux-${process.arch}/hugepages.node`));
    expect(loadAddon(root()).basePageSize()).toBe(4096);
  });
});
