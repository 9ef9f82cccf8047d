/** A terminal that is redrawn in place, and given back as it was. */

// The screen beside the ordinary one, without a cursor, cutting long lines instead of wrapping them.
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

/** What {@link Screen} draws on: a `tty.WriteStream`. */
export interface Terminal {
  readonly columns: number;
  readonly rows: number;
  write(text: string): unknown;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

/** From its construction to `close()`, which every way out of the process calls, the terminal shows the last frame. */
export class Screen {
  readonly #terminal: Terminal;
  readonly #frame: (columns: number) => readonly string[];

  /** @param frame - the lines to show on a terminal so wide */
  constructor(terminal: Terminal, frame: (columns: number) => readonly string[]) {
    this.#terminal = terminal;
    this.#frame = frame;
    this.#open();
    terminal.on('resize', this.draw);
    process.on('exit', this.close).on('SIGTSTP', this.#suspend).on('SIGCONT', this.#resume);
  }

  readonly draw = (): void => {
    const { columns, rows } = this.#terminal;
    const lines = this.#frame(columns).slice(0, rows);
    this.#terminal.write(`${HOME}${lines.map((line) => line + CLEAR_LINE).join('\n')}${CLEAR_BELOW}`);
  };

  /** The last frame stays behind, as ordinary lines. */
  readonly close = (): void => {
    this.#terminal.off('resize', this.draw);
    process.off('exit', this.close).off('SIGTSTP', this.#suspend).off('SIGCONT', this.#resume);
    this.#terminal.write(`${LEAVE}${this.#frame(this.#terminal.columns).join('\n')}\n`);
  };

  #open(): void {
    this.#terminal.write(ENTER);
  }

  /** ^Z: the shell gets its terminal back. */
  readonly #suspend = (): void => {
    this.#terminal.write(LEAVE);
    process.kill(process.pid, 'SIGSTOP');
  };

  readonly #resume = (): void => {
    this.#open();
    this.draw();
  };
}
