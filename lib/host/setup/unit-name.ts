/** systemd's names for the units of mounts, as `systemd-escape --path --suffix=mount` makes them. */
import { invalidArgType, invalidArgValue } from '../../errors.js';

/** `/mnt/huge pages` → `mnt-huge\x20pages.mount`. systemd refuses a unit whose name does not follow from its `Where=`. */
export function mountUnitName(path: string): string {
  const escaped = path
    .split('/')
    .filter((part) => part !== '')
    .map(escapeName)
    .join('-');
  return `${escaped.replace(/^\./, '\\x2e')}.mount`;
}

function escapeName(part: string): string {
  return Array.from(Buffer.from(part), (byte) => {
    const character = String.fromCharCode(byte);
    return /[a-zA-Z0-9:_.]/.test(character) ? character : `\\x${byte.toString(16).padStart(2, '0')}`;
  }).join('');
}

/** The end of a file's name on every Linux file system: the unit is one. */
const MAX_NAME = 255;

/**
 * A path that can stand in a unit: absolute, in its shortest form, and without what ends or continues a line there.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`
 */
export function checkUnitPath(value: unknown, name: string): string {
  if (typeof value !== 'string') throw invalidArgType(name, 'of type string', value);
  const parts = value.split('/').slice(1);
  const clean = value.startsWith('/') && parts.every((part) => !['', '.', '..'].includes(part));
  if (!clean) throw invalidArgValue(name, "must be an absolute path without empty parts, '.' and '..'", value);
  // A newline would begin another setting of the unit, a backslash at the end continue the line.
  if (/[\p{Cc}\\]|\s$/u.test(value)) throw invalidArgValue(name, 'must have no control characters, backslashes or blank at its end', value);
  if (mountUnitName(value).length > MAX_NAME) throw invalidArgValue(name, 'is too long for the name of a systemd unit', value);
  return value;
}
