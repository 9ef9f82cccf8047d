/** What benchmarks on so many bytes of each kind of page have in common: options, memory that goes back, a result. */
import { defaultBytes, parseBytes } from './backings.js';
import { Memories } from './memories.js';
import { Session, parsePlan } from './session.js';
import type { BenchFigure, BenchResult, SizedBenchOptions } from './types.js';

/** A benchmark. */
export interface Sized {
  readonly name: string;
  /** By default. */
  readonly rounds: number;
  /** Bytes that may be asked for. */
  readonly most?: number;
  readonly measure: (bytes: number, memories: Memories, session: Session) => Promise<BenchFigure[]>;
}

export async function runSized({ name, rounds, most, measure }: Sized, options: SizedBenchOptions = {}): Promise<BenchResult> {
  const [plan, own] = parsePlan(options, ['bytes'], rounds);
  const asked = parseBytes(own.bytes, most);
  const session = new Session(name, plan);
  const memories = new Memories(session);
  try {
    const bytes = asked ?? defaultBytes(session);
    return session.result({ bytes }, await measure(bytes, memories, session));
  } finally {
    memories.dispose();
  }
}
