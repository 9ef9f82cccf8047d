/** The accounts of all pools: one reading of everything. */
import { limits } from '../../host/limits.js';
import { hidesProcesses } from '../../host/mounts/holders.js';
import type { PoolSnapshot } from '../../host/pools/pools.js';
import { account } from './account.js';
import type { Findings } from './account.js';
import { HugetlbDevices } from './devices.js';
import { residueReasons } from './gaps.js';
import type { Sight } from './gaps.js';
import { mappedFacts } from './mapped-pages.js';
import { filesOn, mountedFileSystems } from './mounted.js';
import type { MountedFileSystem } from './mounted.js';
import { SharedObjects } from './objects.js';
import { poolAccount } from './pool-account.js';
import { privatePages } from './private-pages.js';
import { addSegments } from './segments.js';
import { survey } from './survey.js';
import type { Survey } from './survey.js';
import type { LedgerPool } from './types.js';

/** @returns also whether the counters were the same before and after */
export async function takeAccounts(
  counters: () => PoolSnapshot[],
): Promise<{ pools: LedgerPool[]; sight: Sight; isSteady: boolean }> {
  const before = counters();
  const devices = new HugetlbDevices();
  const fileSystems = mountedFileSystems(devices);
  const surveyed = await survey(devices);
  const { objects, ...unseen } = await allObjects(fileSystems, surveyed);
  const othersHidden = hidesProcesses();
  const othersMayReserve = othersHidden || !limits().capabilities.sysAdmin;
  const findings = new Map<number, Findings>();
  for (const { pageSize } of before) {
    const isOfPool = (one: { readonly pageSize: number }): boolean => one.pageSize === pageSize;
    const own = surveyed.mappings.filter(({ mapping }) => mapping.permissions.endsWith('p')).filter(isOfPool);
    findings.set(pageSize, {
      privatePages: await privatePages(own),
      objects: objects.filter(isOfPool),
      fileSystems: fileSystems.filter(isOfPool),
      allSeen: surveyed.unreadable.length === 0 && !othersHidden,
      othersMayReserve,
    });
  }
  const after = counters();
  const sight = {
    ...unseen,
    unreadable: surveyed.unreadable,
    othersHidden,
    framesHidden: [...findings.values()].some((found) => !found.privatePages.byFrame),
    hiddenMounts: fileSystems.filter(({ isWhole }) => !isWhole).map(({ device }) => device),
  };
  const accounts = after.map((pool) => {
    const found = findings.get(pool.pageSize);
    const counts = { used: pool.total - pool.free, reserved: pool.reserved };
    return poolAccount(pool, found === undefined ? [] : account(found, counts), residueReasons(sight));
  });
  return { pools: accounts, sight, isSteady: JSON.stringify(before) === JSON.stringify(after) };
}

async function allObjects(fileSystems: readonly MountedFileSystem[], surveyed: Survey) {
  const objects = new SharedObjects(fileSystems, surveyed);
  let hiddenDirectories = 0;
  for (const fileSystem of fileSystems) {
    for (const file of await filesOn(fileSystem, () => hiddenDirectories++)) objects.addFile(fileSystem, file);
  }
  const unseenSegments = addSegments(objects, surveyed.ipcNamespaces);
  const all = objects.list();
  const untold = all.filter(({ facts }) => facts === undefined);
  for (const object of untold) object.facts = await mappedFacts(object);
  return { objects: all, hiddenDirectories, ...unseenSegments, estimatedObjects: untold.length };
}
