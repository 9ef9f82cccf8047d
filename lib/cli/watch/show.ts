/** Where what is watched goes: redrawn on a terminal, line by line elsewhere. */
import { Screen } from './screen.js';

/** How one look at something is shown. */
export interface View<T> {
  /** The lines of a terminal that is so wide. */
  frame(seen: T, columns: number): readonly string[];
  /** The same without a terminal. */
  text(seen: T): string;
}

/** Shows one look after another on standard output until there are no more. */
export async function show<T>(looks: AsyncIterable<T>, asJson: boolean, view: View<T>): Promise<void> {
  // A terminal that can only print is no better than a file.
  if (!asJson && process.stdout.isTTY && process.env['TERM'] !== 'dumb') await draw(looks, view);
  else for await (const seen of looks) process.stdout.write(`${asJson ? JSON.stringify(seen) : view.text(seen)}\n`);
}

async function draw<T>(looks: AsyncIterable<T>, view: View<T>): Promise<void> {
  let last: { readonly seen: T } | undefined;
  const screen = new Screen(process.stdout, (columns) => (last === undefined ? [] : view.frame(last.seen, columns)));
  try {
    for await (const seen of looks) {
      last = { seen };
      screen.draw();
    }
  } finally {
    screen.close();
  }
}
