/** What a command prints: one JSON object for programs, or lines for people. */

/** Infinite limits are null, as in all JSON. */
export function print<T>(report: T, asJson: boolean | undefined, render: (report: T) => readonly string[]): void {
  const text = asJson === true ? JSON.stringify(report, undefined, 2) : render(report).join('\n');
  process.stdout.write(`${text}\n`);
}
