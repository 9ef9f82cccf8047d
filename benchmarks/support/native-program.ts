/** A program of benchmarks/native that waits for work: see answers.h there. */
import { LineProgram } from './line-program.js';

export class NativeProgram extends LineProgram {
  /** Sends a command. @returns the nanoseconds that it took, as the program counts them */
  async ask(command: string): Promise<number> {
    const answer = await this.answer(command);
    const nanoseconds = Number(answer ?? NaN);
    if (Number.isNaN(nanoseconds)) throw new Error(`A program of benchmarks/native could not ${command}: ${answer ?? 'it is gone'}`);
    return nanoseconds;
  }
}
