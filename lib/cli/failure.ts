/** What a command failed of, on standard error. */
import { HugePagesError } from '../errors.js';
import { pasteable, printable } from './printable.js';

/** The message of what was thrown. Only its own lines begin lines: paths in it may be anybody's. */
export function failureText(error: unknown): string {
  if (error instanceof HugePagesError) return ownLines(error);
  if (!(error instanceof Error)) return printable(String(error));
  // Errors with a code say what to do; anything else is a mistake in this program, and its stack is what helps.
  return 'code' in error ? printable(error.message) : (error.stack ?? error.message);
}

/** As the constructor puts it together: what failed, the remedy, and a line for each backing that was tried. */
function ownLines({ message, remedy, details: { attempts = [] } }: HugePagesError): string {
  const lines = attempts.map((attempt) => `\n  ${attempt.backing}: ${attempt.message}`);
  const tail = lines.join('');
  const sentences = tail !== '' && message.endsWith(tail) ? message.slice(0, -tail.length) : message;
  const what = remedy !== undefined && sentences.endsWith(remedy) ? sentences.slice(0, -remedy.length) : sentences;
  const advice = sentences.slice(what.length);
  const shownLines = sentences === message ? [] : lines.map((line) => `\n${printable(line.slice(1))}`);
  return [printable(what), pasteable(advice), ...shownLines].join('');
}
