/** Changes to a tree of files, as the journal takes them back. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryFile } from '../../../../lib/host/journal/entry.js';
import type { Change } from '../../../../lib/host/journal/change.js';
import { Journal } from '../../../../lib/host/journal/journal.js';
import { thisProcess } from '../../../../lib/host/journal/owner.js';
import { restore } from '../../../../lib/host/journal/restore.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hugepages-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const at = (path: string): string => join(root, path);
const read = (path: string): string | undefined => (existsSync(at(path)) ? readFileSync(at(path), 'utf8') : undefined);
function write(path: string, text: string): void {
  mkdirSync(join(at(path), '..'), { recursive: true });
  writeFileSync(at(path), text);
}

/** As a program that was killed leaves it: start time 1 is of no process that runs. */
function leave(changes: readonly Change[], opened = 1, owner = { ...thisProcess(), startTime: 1 }): void {
  mkdirSync(at('run/hugepages'), { recursive: true });
  writeFileSync(entryFile(owner, opened, { root }), JSON.stringify({ purpose: 'test', changes }));
}

const setting = (before: string, after: string): Change => ({ kind: 'setting', path: '/sys/setting', before, after });

describe('Journal', () => {
  it('notes a change before it is made, and forgets it when it is taken back', () => {
    write('sys/setting', '1');
    const journal = Journal.open('a test', { root });
    expect(existsSync(at('run/hugepages'))).toBe(false);
    journal.record(setting('1', '2'));
    const [name = ''] = readdirSync(at('run/hugepages'));
    expect(JSON.parse(read(`run/hugepages/${name}`) ?? '')).toEqual({ purpose: 'a test', changes: [setting('1', '2')] });
    write('sys/setting', '2');
    expect(journal.undo()).toEqual([{ change: setting('1', '2'), outcome: 'undone' }]);
    expect(read('sys/setting')).toBe('1');
    expect(existsSync(at('run/hugepages'))).toBe(false);
  });

  it('takes changes back in reverse order', () => {
    write('sys/setting', '3');
    const journal = Journal.open('a test', { root });
    journal.record(setting('1', '2'));
    journal.record(setting('2', '3'));
    expect(journal.undo().map(({ outcome }) => outcome)).toEqual(['undone', 'undone']);
    expect(read('sys/setting')).toBe('1');
  });

  it('keeps changes that are there to stay', () => {
    write('sys/setting', '2');
    const journal = Journal.open('a test', { root });
    journal.record(setting('1', '2'));
    journal.keep();
    expect(journal.undo()).toEqual([]);
    expect(read('sys/setting')).toBe('2');
    expect(existsSync(at('run/hugepages'))).toBe(false);
  });

  it('keeps what could not be taken back', () => {
    mkdirSync(at('sys/setting'), { recursive: true });
    const journal = Journal.open('a test', { root });
    journal.record(setting('1', '2'));
    expect(journal.undo()).toMatchObject([{ outcome: 'failed', error: { code: 'ERR_HUGEPAGES_SYSTEM' } }]);
    expect(journal.changes).toEqual([setting('1', '2')]);
    expect(readdirSync(at('run/hugepages'))).toHaveLength(1);
  });
});

describe('a change that others made another of since', () => {
  it.each<[what: string, change: Change, now: string, outcome: string]>([
    ['a setting as it was left', setting('1', '2'), '2', 'undone'],
    ['a setting of several words', setting('never', 'always'), '[always] madvise never', 'undone'],
    ['a setting that is back already', setting('1', '2'), '1', 'unchanged'],
    ['a setting that others set', setting('1', '2'), '3', 'left'],
  ])('%s: %o, now %s', (_, change, now, outcome) => {
    write('sys/setting', now);
    leave([change]);
    expect(restore({ root })).toMatchObject([{ owner: 'gone', undone: [{ outcome }] }]);
    if (outcome !== 'undone') expect(read('sys/setting')).toBe(now);
    expect(existsSync(at('run/hugepages'))).toBe(false);
  });
});

describe('pages of a pool', () => {
  const FILE = 'sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages';
  const pages = (before: number, added: number, more: object = {}): Change => {
    return { kind: 'pool-pages', pageSize: 2 ** 21, before, added, ...more };
  };

  it.each<[what: string, change: Change, now: number, then: number]>([
    ['what was added', pages(4, 6, { settled: true }), 10, 4],
    ['what was added, beside what others added', pages(4, 6, { settled: true }), 12, 6],
    ['what was added, below what others took', pages(4, 6, { settled: true }), 8, 2],
    ['what a growth had added when it was killed', pages(4, 6), 7, 4],
    ['nothing of a growth that had not begun', pages(4, 6), 4, 4],
    ['at most what was asked for', pages(4, 6), 12, 6],
    ['the pages that were taken', pages(10, -6, { settled: true }), 4, 10],
    ['the pages that were taken when a shrink was killed', pages(10, -6), 7, 10],
    ['the rest of an undo that was killed', pages(4, 6, { settled: true, undoFrom: 10 }), 7, 4],
    ['nothing after an undo that was killed at its end', pages(4, 6, { settled: true, undoFrom: 10 }), 4, 4],
  ])('%s', (_, change, now, then) => {
    write(FILE, String(now));
    leave([change]);
    restore({ root });
    expect(Number(read(FILE))).toBe(then);
    expect(existsSync(at('run/hugepages'))).toBe(false);
  });
});

describe('restore', () => {
  it('takes the last program back first', () => {
    write('sys/setting', '3');
    leave([setting('1', '2')], 1);
    leave([setting('2', '3')], 2);
    expect(restore({ root }).map(({ undone }) => undone[0]?.outcome)).toEqual(['undone', 'undone']);
    expect(read('sys/setting')).toBe('1');
  });

  it('leaves alone what programs that run will undo themselves', () => {
    write('sys/setting', '2');
    leave([setting('1', '2')], 1, thisProcess());
    leave([setting('1', '2')], 2, { ...thisProcess(), namespace: 1 });
    expect(restore({ root })).toMatchObject([
      { owner: 'unknown', undone: [] },
      { owner: 'running', pid: process.pid, undone: [] },
    ]);
    expect(read('sys/setting')).toBe('2');
  });

  it('says in a dry run what is noted', () => {
    write('sys/setting', '2');
    leave([setting('1', '2')]);
    expect(restore({ root, dryRun: true })).toEqual([
      { purpose: 'test', pid: process.pid, owner: 'gone', changes: [setting('1', '2')], undone: [] },
    ]);
    expect(read('sys/setting')).toBe('2');
    expect(readdirSync(at('run/hugepages'))).toHaveLength(1);
  });

  it('does not undo what a killed program had only begun to note', () => {
    write('sys/setting', '2');
    leave([setting('0', '1')]);
    const file = `${entryFile({ ...thisProcess(), startTime: 1 }, 1, { root })}.new`;
    writeFileSync(file, JSON.stringify({ purpose: 'test', changes: [setting('0', '1'), setting('1', '2')] }));
    expect(restore({ root })).toMatchObject([{ undone: [{ outcome: 'left' }] }]);
    expect(read('sys/setting')).toBe('2');
    expect(existsSync(at('run/hugepages'))).toBe(false);
  });

  it('has nothing to do where there is no journal', () => {
    expect(restore({ root })).toEqual([]);
  });

  it.each([null, { root: 1 }, { dryRun: 'yes' }, { force: true }])('refuses %o', (options) => {
    expect(() => restore(options as never)).toThrow(TypeError);
  });
});
