/** What tests change on the machine: recorded, compared and put back. */
import { readFileSync, readdirSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { CGROUP2, CGROUP_PREFIX } from './cgroup-mount.mjs';
import { removeTestDirectories, testDirectories } from './test-mounts.mjs';

const JOURNAL = '/run/hugepages';
const MM = '/sys/kernel/mm';
const POOL_SETTINGS = ['nr_hugepages', 'nr_overcommit_hugepages'];
const POOL_COUNTERS = ['free_hugepages', 'resv_hugepages', 'surplus_hugepages'];
const SYSCTLS = ['hugetlb_shm_group', 'overcommit_memory'].map((name) => `/proc/sys/vm/${name}`);
const THP_SETTINGS = ['enabled', 'defrag', 'shmem_enabled'];

function poolFiles(names) {
  return entries(`${MM}/hugepages`).flatMap((pool) => names.map((name) => `${MM}/hugepages/${pool}/${name}`));
}

// Those of single sizes first: shmem_enabled takes `force` only while all of them are `inherit`.
function thpFiles() {
  const directory = `${MM}/transparent_hugepage`;
  const sizes = subdirectories(directory).filter((path) => basename(path).startsWith('hugepages-'));
  return [...sizes, directory].flatMap((path) =>
    entries(path)
      .filter((name) => THP_SETTINGS.includes(name))
      .map((name) => `${path}/${name}`),
  );
}

// What a cgroup hands down is changed by writing one word with a sign.
function cgroupFiles() {
  return CGROUP2 === undefined ? [] : [`${CGROUP2}/cgroup.subtree_control`];
}

/** The cgroups of a test that was killed, those below others first: only an empty one can be removed. */
function testCgroups() {
  const below = (directory) => [...subdirectories(directory).flatMap(below), directory];
  return subdirectories(CGROUP2)
    .filter((directory) => basename(directory).startsWith(CGROUP_PREFIX))
    .flatMap(below);
}

/** What a program that was killed has noted in the journal; the settings themselves are put back here. */
function journalFiles() {
  return entries(JOURNAL).map((name) => `${JOURNAL}/${name}`);
}

function newJournalFiles(before) {
  return journalFiles().filter((file) => !before.journal.includes(file));
}

function subdirectories(directory) {
  return entries(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${directory}/${name}`);
}

function entries(directory, options) {
  try {
    return readdirSync(directory, options);
  } catch {
    return [];
  }
}

// A file of several words marks the one in force: `always [madvise] never`. nr_hugepages counts surplus pages, which a program that is
// about to end may still have: written back, they would become the pool's own.
function read(file) {
  const text = readFileSync(file, 'utf8').trim();
  if (file.endsWith('/nr_hugepages')) return `${Number(text) - Number(read(`${dirname(file)}/surplus_hugepages`))}`;
  if (file.endsWith('subtree_control')) return /\bhugetlb\b/.test(text) ? '+hugetlb' : '-hugetlb';
  return /\[(.+)\]/.exec(text)?.[1] ?? text;
}

function readAll(files) {
  return new Map(files.map((file) => [file, read(file)]));
}

/** Everything that a run has to leave as it found it: settings, which can be put back, and the pools' counters, which follow. */
export function readMachine() {
  return {
    settings: readAll([...poolFiles(POOL_SETTINGS), ...thpFiles(), ...cgroupFiles(), ...SYSCTLS]),
    counters: readAll(poolFiles(POOL_COUNTERS)),
    journal: journalFiles(),
  };
}

/** One line for each value that is not as it was. */
export function differences(before) {
  const now = readMachine();
  const changed = ['settings', 'counters'].flatMap((part) =>
    [...before[part]]
      .filter(([file, value]) => now[part].get(file) !== value)
      .map(([file, value]) => `${file}: ${value} before, ${now[part].get(file)} after`),
  );
  const left = [...testCgroups(), ...testDirectories(), ...newJournalFiles(before)];
  return [...changed, ...left.map((path) => `${path}: left behind`)];
}

/** Writes back the settings that differ: an ordinary user, who could not have changed any, writes none. */
export function restore(before) {
  for (const directory of testCgroups()) rmdirSync(directory);
  removeTestDirectories();
  for (const file of newJournalFiles(before)) rmSync(file);
  if (before.journal.length === 0) rmSync(JOURNAL, { recursive: true, force: true });
  for (const [file, value] of before.settings) {
    if (read(file) !== value) writeFileSync(file, value);
  }
}
