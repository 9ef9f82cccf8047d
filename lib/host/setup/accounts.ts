/** Users and groups by name: the kernel and the units of systemd's mounts take numbers. */
import { readText } from '../text.js';
import type { RootOptions } from '../text.js';

/** The number of a user of `/etc/passwd`; undefined for one of a directory service, which is asked for by number. */
export function findUser(name: string, options: RootOptions = {}): number | undefined {
  return parseAccount(readText('/etc/passwd', options) ?? '', name);
}

/** The number of a group of `/etc/group`. */
export function findGroup(name: string, options: RootOptions = {}): number | undefined {
  return parseAccount(readText('/etc/group', options) ?? '', name);
}

/** The third field of the line that begins with the name, in the text of `/etc/passwd` or of `/etc/group`. */
export function parseAccount(text: string, name: string): number | undefined {
  const fields = text
    .split('\n')
    .map((line) => line.split(':'))
    .find(([account]) => account === name);
  const id = fields?.[2];
  return id !== undefined && /^\d+$/.test(id) ? Number(id) : undefined;
}

/** The users of `/etc/passwd` by their numbers; of several names for one number the first. */
export function userNames(options: RootOptions = {}): Map<number, string> {
  return parseUserNames(readText('/etc/passwd', options) ?? '');
}

/** {@link userNames} of the text of the file. */
export function parseUserNames(text: string): Map<number, string> {
  const accounts = text.split('\n').map((line) => line.split(':'));
  return new Map(accounts.reverse().flatMap(([name, , id]) => (/^\d+$/.test(id ?? '') ? [[Number(id), name ?? '']] : [])));
}
