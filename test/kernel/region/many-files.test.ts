/** A process that may open no more files: neither can the diagnosis of its failures read anything, and they are told all the same. */
import { constants } from 'node:os';
import { expect } from 'vitest';
import { runChild } from '../../support/child.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { requires } from '../../support/requirements.js';

const FEW = ['sh', '-c', 'ulimit -n 60; exec "$0" "$@"'];

function refused(what: string, syscall: string): object {
  const message = expect.stringMatching(`^Cannot ${what}[^]*: ${syscall.replace(/[()]/g, '\\$&')} failed with EMFILE. `) as string;
  const remedy = expect.stringMatching(/dispose regions[^]*prlimit --pid \$\$ --nofile=65536$/) as string;
  return { code: 'ERR_HUGEPAGES_SYSTEM', errno: -constants.errno.EMFILE, syscall, message, remedy };
}

requires({ hugetlb: [H] }).it('says that there may be no more files, and what to do about it', async () => {
  const { code, signal, stderr, json } = await runChild(new URL('children/many-files.mjs', import.meta.url), [], { within: FEW });
  expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  expect(json).toEqual([
    refused('allocate 4KiB on 4KiB base pages, as a memfd', 'memfd_create'),
    refused('allocate 2MiB on 2MiB hugetlb pages, as a memfd', 'memfd_create'),
    refused('probe the backing of a region', 'open(/proc/self/maps)'),
    refused('receive a region', 'eventfd'),
    refused('hand over a region', 'eventfd'),
  ]);
});
