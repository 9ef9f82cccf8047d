/** The names of many processes, in a line. */
import { printable } from './printable.js';

/** More would hide the table; `--json` names all. */
const NAMED = 12;

/** `1 init, 812 postgres and 59 more` */
export function firstNames(entries: readonly { readonly pid: number; readonly name?: string | undefined }[]): string {
  const shown = entries.slice(0, NAMED).map(({ pid, name }) => `${String(pid)}${name === undefined ? '' : ` ${printable(name)}`}`);
  const rest = entries.length > NAMED ? ` and ${String(entries.length - NAMED)} more` : '';
  return `${shown.join(', ')}${rest}`;
}
