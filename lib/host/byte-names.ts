/** Names of files that are not valid UTF-8, as strings: each byte beyond ASCII of such a name is a lone surrogate, `\udcff` for 0xff. */
import { isUtf8 } from 'node:buffer';

const LONE = /([\udc80-\udcff])/u;
const OFFSET = 0xdc00;

/** A name as a directory has it. */
export function nameOf(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString();
  return bytes.toString('latin1').replaceAll(/[\x80-\xff]/g, (byte) => String.fromCharCode(OFFSET + byte.charCodeAt(0)));
}

/** What system calls take for a path of such names: Node.js would write U+FFFD in the place of what is no character. */
export function pathBytes(path: string): string | Buffer {
  if (!LONE.test(path)) return path;
  return Buffer.concat(path.split(LONE).map((part) => (LONE.test(part) ? Buffer.of(part.charCodeAt(0) - OFFSET) : Buffer.from(part))));
}

/** The bytes of a text as bash reads them between `$'` and `'`: `\303\274`. */
export function octal(text: string): string {
  return [...Buffer.from(pathBytes(text))].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
