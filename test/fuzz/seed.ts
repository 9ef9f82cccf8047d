/** The seed of this run's random tests. A failure prints it; FUZZ_SEED in the environment repeats it. */
const given = process.env['FUZZ_SEED'];

export const SEED = given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given);
if (!Number.isInteger(SEED)) throw new Error(`FUZZ_SEED must be an integer: ${String(given)}`);
