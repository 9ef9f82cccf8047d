/** What is wrong with a command line, in the words of the command line. */
import { isArgumentError } from '../errors.js';
import { formatSize } from '../units.js';
import { UsageError } from './command.js';

/**
 * The message of an error that the command line is to blame for; undefined for any other.
 *
 * @param help - names every option of the command
 */
export function usageMessage(error: unknown, help: string): string | undefined {
  if (error instanceof UsageError) return error.message;
  const options = help.match(/--[a-z-]+/g) ?? [];
  if (isArgumentError(error)) return inOptions(error.message, (name) => optionOf(name, options));
  if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_'))) return undefined;
  // Node goes on with advice for arguments that begin with '-', which no command takes.
  const message = error.message.replace(/\. To specify a positional argument[^]*/, '').replaceAll('\n', ' ');
  const [, option] = /^Unknown option '(--[^']+)'/.exec(message) ?? [];
  if (option === undefined) return message;
  // The help has the options of all actions of a command.
  const isElsewhere = options.some((known) => known === option);
  return isElsewhere ? `${message} here: another use of the command takes it` : message + suggestion(option, options);
}

/** The message of a library function, in which `optionOf` says what the names of arguments are on the command line. */
export function inOptions(message: string, optionOf: (name: string) => string): string {
  return message
    .replace(/^The "(.*?)" argument /, (_, name: string) => `${optionOf(name)} `)
    .replace(/^The value of "(.*?)" is out of range\. It must be /, (_, name: string) => `${optionOf(name)} must be `)
    .replace(/(?<=number of bytes )>= (\d+) and <= (\d+)/, (_, min: string, max: string) => `from ${sizeText(min)} to ${sizeText(max)}`)
    .replace(/\. Received (?!string ).*$/, '') // 3145728 was 3M
    .replace(/(\. Received) string /, '$1 ');
}

/** `2MiB` for `2097152`, and digits where a unit would not be exact. */
function sizeText(bytes: string): string {
  return Number.isInteger(Math.log2(Number(bytes))) ? formatSize(Number(bytes)) : bytes;
}

/** `options.pageSize` → `--page-size`, `options.backing[0]` → `--backing`; what is no option has its place: `options.size` → `SIZE` */
function optionOf(name: string, options: readonly string[]): string {
  const [, part] = name.split(/[.[]/);
  if (part === undefined) return name;
  const option = `--${part.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return options.includes(option) ? option : part.toUpperCase();
}

/** `: did you mean status?` for `statsu`; nothing where none is near. */
export function suggestion(word: string, known: readonly string[]): string {
  const [nearest] = known
    .map((name) => ({ name, edits: edits(word, name) }))
    .filter(({ edits }) => edits <= Math.ceil(word.length / 4))
    .sort((a, b) => a.edits - b.edits);
  return nearest === undefined ? '' : `: did you mean ${nearest.name}?`;
}

/** How many letters are to be added, taken away or replaced. */
function edits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++) {
      const replaced = (row[j] ?? 0) + (from[i] === to[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
