import { expect, it } from 'vitest';
import { reporter } from '../../../../lib/cli/bench/reporter.js';

function stream(isTTY: boolean): { isTTY: boolean; text: string; write(text: string): void } {
  return {
    isTTY,
    text: '',
    write(text) {
      this.text += text;
    },
  };
}

it('shows one line on a terminal, and takes it away', () => {
  const terminal = stream(true);
  const { update, end } = reporter(terminal);
  update({ done: 1, total: 3, what: '16 pages' });
  update({ done: 2, total: 3, what: '32 pages' });
  end();
  end();
  expect(terminal.text).toBe('\r\x1b[K  1 of 3: 16 pages\r\x1b[K  2 of 3: 32 pages\r\x1b[K');
});

it('writes nothing without a terminal, nor before anything was done', () => {
  const [file, terminal] = [stream(false), stream(true)];
  const { update, end } = reporter(file);
  update({ done: 1, total: 3, what: '16 pages' });
  end();
  reporter(terminal).end();
  expect(file.text + terminal.text).toBe('');
});
