/** What is compared takes turns: in every round, and in opposite order in every other one, so that drift cancels. */
import { HugePagesError } from '../errors.js';
import { backingName } from './backing-name.js';
import { figure, noiseOf } from './figures.js';
import type { Subject } from './figures.js';
import type { Session } from './session.js';
import type { BenchFigure } from './types.js';

/** Takes one sample. */
export type Side<T> = (round: number) => Promise<T> | T;

/** What took turns. */
export interface Turns<T> {
  /** Of each side, one a round. */
  readonly samples: readonly (readonly T[])[];
  /** {@link BenchFigure.clock} of all of them. */
  readonly clock: number;
}

export async function inTurn<T>(session: Session, what: string, sides: readonly Side<T>[]): Promise<Turns<T>> {
  const samples = sides.map((): T[] => []);
  const order = [...sides.keys()];
  for (let round = 0; round < session.rounds; round++) {
    for (const index of round % 2 === 0 ? order : order.toReversed()) {
      const side = sides[index];
      if (side !== undefined) samples[index]?.push(await side(round));
      session.throwIfAborted();
    }
  }
  return { samples, clock: session.step(what) };
}

/** One of those that are compared. */
export interface Compared {
  readonly subject: Omit<Subject, 'noise' | 'clock'>;
  readonly take: Side<number>;
}

/**
 * The figures of what takes turns; what fails is left out, and noted. The first takes part twice: how it compares with itself is the noise
 * floor of all.
 */
export async function compareInTurn(session: Session, what: string, compared: readonly Compared[]): Promise<BenchFigure[]> {
  const takes = compared.map((one) => untilItFails(one, session));
  const { samples, clock } = await inTurn(session, what, [...takes, ...takes.slice(0, 1)]);
  const floor = noiseOf(samples[0] ?? [], samples.at(-1) ?? []);
  const noise = Number.isNaN(floor) ? {} : { noise: floor };
  return compared.flatMap(({ subject }, index) => {
    const taken = samples[index] ?? [];
    return taken.some(Number.isNaN) ? [] : [figure({ ...subject, ...noise, clock }, taken)];
  });
}

/** Takes samples, which are NaN from the first one on that could not be taken. */
function untilItFails({ subject: { name, backing }, take }: Compared, session: Session): Side<number> {
  let failed = false;
  return async (round) => {
    if (failed) return NaN;
    try {
      return await take(round);
    } catch (error) {
      if (!(error instanceof HugePagesError)) throw error;
      failed = true;
      session.note(`${[name, ...(backing === undefined ? [] : [backingName(backing)])].join(', ')}: not measured. ${error.message}`);
      return NaN;
    }
  };
}
