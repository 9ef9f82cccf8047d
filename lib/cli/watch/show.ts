/** Where the ticks go: redrawn on a terminal, line by line elsewhere. */
import { renderFrame, renderLine } from './frame.js';
import { History } from './history.js';
import type { Tick } from './sample.js';
import { Screen } from './screen.js';

/** Shows each tick on standard output until there are no more. */
export async function showTicks(ticks: AsyncIterable<Tick>, asJson: boolean): Promise<void> {
  // A terminal that can only print is no better than a file.
  if (!asJson && process.stdout.isTTY && process.env['TERM'] !== 'dumb') await draw(ticks);
  else for await (const tick of ticks) process.stdout.write(`${asJson ? JSON.stringify(tick) : renderLine(tick)}\n`);
}

async function draw(ticks: AsyncIterable<Tick>): Promise<void> {
  const history = new History();
  let last: Tick | undefined;
  const screen = new Screen(process.stdout, (columns) => (last === undefined ? [] : renderFrame(last, history, columns)));
  try {
    for await (const tick of ticks) {
      history.add((last = tick));
      screen.draw();
    }
  } finally {
    screen.close();
  }
}
