/** Wrong arguments, before anything is read. */
import { describe, expect, it } from 'vitest';
import { processAccount, processes } from '../../../../lib/index.js';
import { BAD_NUMBERS, NONSENSE, NOT_ARRAYS, NOT_BOOLEANS, NOT_NUMBERS, expectArgumentError, isNoObject } from '../../../support/hostile.js';
import { errorOf, rejectionOf } from '../../../support/thrown.js';

describe('processAccount', () => {
  it.each([0, 2 ** 22 + 1, ...BAD_NUMBERS])('%d is no pid', async (pid) => {
    expect(await rejectionOf(processAccount(pid))).toMatchObject({ name: 'RangeError', code: 'ERR_OUT_OF_RANGE', message: /"pid"/ });
  });

  it('nor is anything that is no number', async () => {
    for (const pid of [...NOT_NUMBERS, undefined]) expectArgumentError(await rejectionOf(processAccount(pid as number)), pid);
  });

  it('knows no other option than a root', async () => {
    for (const options of [{ roto: '/' }, { root: 1 }, 'x', null]) {
      expectArgumentError(await rejectionOf(processAccount(1, options as object)), options);
    }
  });
});

describe('processes', () => {
  const refused = (name: string, values: readonly unknown[]): void => {
    for (const value of values) expectArgumentError(errorOf(() => processes({ [name]: value })), value);
  };

  it('checks every option at once', () => {
    refused('pids', [...NOT_ARRAYS, [0], [1, -1], ['1'], Array(2)]);
    refused('user', [...NONSENSE, -1, 0.5, 2 ** 32, NaN, 'no such user', '0']);
    for (const name of ['command', 'cgroup', 'container', 'root']) refused(name, [...NONSENSE, 1, true]);
    refused('cgroup', ['', 'system.slice']);
    for (const name of ['pageSize', 'minSize']) refused(name, [...NONSENSE, -1, 'x', NaN]);
    for (const name of ['all', 'mappings']) refused(name, NOT_BOOLEANS);
    refused('sort', [...NONSENSE, 'size', 1]);
    refused('concurrency', [...NOT_NUMBERS, ...BAD_NUMBERS, 0, 65]);
    refused('signal', [...NONSENSE, 'x', 1]);
    refused('misspelt', [true]);
  });

  it('a page size is one of a pool', () => {
    for (const pageSize of [3, '3MiB', '4KiB']) {
      expect(errorOf(() => processes({ pageSize }))).toMatchObject({ code: 'ERR_HUGEPAGES_PAGE_SIZE' });
    }
  });

  it('options are an object', () => {
    for (const options of NONSENSE.filter(isNoObject)) expectArgumentError(errorOf(() => processes(options as object)), options);
  });
});
