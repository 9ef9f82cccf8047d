/** What is compared takes turns: in every round, and in opposite order in every other one, so that drift cancels. */
import { noiseOf } from './figures.js';
import type { Session } from './session.js';

/** Takes one sample. */
export type Side<T> = (round: number) => Promise<T> | T;

/** @returns the samples of each side, one a round */
export async function inTurn<T>(session: Session, what: string, sides: readonly Side<T>[]): Promise<T[][]> {
  const samples = sides.map((): T[] => []);
  const order = [...sides.keys()];
  for (let round = 0; round < session.rounds; round++) {
    for (const index of round % 2 === 0 ? order : order.toReversed()) {
      const side = sides[index];
      if (side !== undefined) samples[index]?.push(await side(round));
      session.throwIfAborted();
    }
  }
  session.step(what);
  return samples;
}

/** Sides that were compared, and what their comparison is worth. */
export interface Comparison {
  /** Of each side, one a round. */
  readonly samples: readonly (readonly number[])[];
  /** How far from 1 the ratio of the first side to itself was found. */
  readonly noise: number;
}

/** {@link inTurn} with the first side taking part twice: how it compares with itself is the noise floor of all. */
export async function compareInTurn(session: Session, what: string, sides: readonly Side<number>[]): Promise<Comparison> {
  const samples = await inTurn(session, what, [...sides, ...sides.slice(0, 1)]);
  return { samples: samples.slice(0, sides.length), noise: noiseOf(samples[0] ?? [], samples.at(-1) ?? []) };
}
