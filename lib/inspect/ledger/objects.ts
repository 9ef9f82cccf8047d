/** The shared objects, each once, however it is met: mapped, open, in a directory, or among the segments. */
import type { MountedFile } from '../../host/mounts/files.js';
import { mappedFile } from '../procfs/descriptors.js';
import type { OpenFile } from '../procfs/descriptors.js';
import type { FileName } from '../procfs/file-name.js';
import { UNREADABLE } from '../procfs/reading.js';
import { Holders } from './holders.js';
import type { MountedFileSystem } from './mounted.js';
import type { HugeDescriptor, HugeMapping, Survey, SurveyedProcess } from './survey.js';
import type { LedgerSegment, ObjectRow } from './types.js';

/** What is known of one. */
export interface SharedObject extends Pick<ObjectRow, 'kind' | 'device' | 'inode'> {
  name: string;
  linked: boolean;
  readonly pageSize: number;
  /** Undefined where this user may not ask. */
  facts: Pick<OpenFile, 'size' | 'allocated'> | undefined;
  segment: LedgerSegment | undefined;
  readonly holders: Holders;
  readonly mappings: HugeMapping[];
}

/** Of mounted file systems by device, and of all others, which are the kernel's own, for what has no name in a directory. */
export class SharedObjects {
  readonly #objects = new Map<string, SharedObject>();
  readonly #mounted: ReadonlySet<string>;

  constructor(mounted: readonly MountedFileSystem[], { mappings, descriptors }: Survey) {
    this.#mounted = new Set(mounted.map(({ device }) => device));
    for (const each of mappings) this.#addMapping(each);
    for (const each of descriptors) this.#addDescriptor(each);
  }

  list(): SharedObject[] {
    return [...this.#objects.values()];
  }

  /** Those of an IPC namespace, by their ids. */
  segments(ipcNamespace: string): ReadonlyMap<number, SharedObject> {
    const found = [...this.#objects].filter(([key, { kind }]) => kind === 'sysv' && key.endsWith(ipcNamespace));
    return new Map(found.map(([, object]) => [object.inode, object]));
  }

  addSegment(object: SharedObject, ipcNamespace: string): void {
    this.#objects.set(`segment ${String(object.inode)} ${ipcNamespace}`, object);
  }

  addFile({ device, pageSize }: MountedFileSystem, { path, inode, allocatedBytes, byteLength }: MountedFile): void {
    const object = this.#find({ path, deleted: false }, device, inode, pageSize, undefined);
    object.name = path;
    object.linked = true;
    object.facts = { size: byteLength, allocated: allocatedBytes };
  }

  #addMapping(each: HugeMapping): void {
    const { process, mapping, pageSize } = each;
    const isShared = mapping.permissions.endsWith('s');
    const kind = this.#kindOf(mapping, mapping.device);
    // What is private and anonymous has a file that never has pages.
    if (kind === 'anonymous' && !isShared) return;
    const object = this.#find(mapping, mapping.device, mapping.inode, pageSize, process);
    object.holders.add(process, 'mapped');
    object.mappings.push(each);
    object.facts ??= factsOf(each);
  }

  #addDescriptor({ process, descriptor, file, pageSize }: HugeDescriptor): void {
    const object = this.#find(descriptor, file.device, file.inode, pageSize, process);
    object.holders.add(process, 'open');
    object.facts = file;
  }

  #find(name: FileName, device: string, inode: number, pageSize: number, process: SurveyedProcess | undefined): SharedObject {
    const kind = this.#kindOf(name, device);
    // A segment has its id for an inode number, which another IPC namespace gives as well, and other objects too.
    const key = `${kind} ${device} ${String(inode)} ${kind === 'sysv' ? (process?.ipcNamespace ?? '') : ''}`;
    const found = this.#objects.get(key);
    if (found !== undefined) return found;
    const linked = kind === 'file' && !name.deleted;
    const own = { kind, device, inode, pageSize, linked, name: kind === 'memfd' ? name.path.slice('/memfd:'.length) : name.path };
    const object = { ...own, facts: undefined, segment: undefined, holders: new Holders(), mappings: [] };
    this.#objects.set(key, object);
    return object;
  }

  #kindOf({ path }: FileName, device: string): ObjectRow['kind'] {
    if (this.#mounted.has(device)) return 'file';
    if (path.startsWith('/SYSV')) return 'sysv';
    if (path.startsWith('/memfd:')) return 'memfd';
    return path === '/anon_hugepage' ? 'anonymous' : 'file';
  }
}

/** What is mapped, if it is that still. */
export function factsOf({ process, mapping }: HugeMapping): OpenFile | undefined {
  const file = mappedFile(process.thread, mapping);
  if (file === undefined || file === UNREADABLE) return undefined;
  return file.device === mapping.device && file.inode === mapping.inode ? file : undefined;
}
