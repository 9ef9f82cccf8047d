/** What is compared takes turns: in every round, and in opposite order in every other one, so that drift cancels. */
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
