/** `--quick`: a run that shows that everything works. Its figures are of one round and mean nothing, so that no bound is judged. */

export const QUICK = process.argv.includes('--quick');

/** How often something is done: in a quick run, no more than suffices to see that it can be. */
export function effort(full: number, quick = 1): number {
  return QUICK ? Math.min(full, quick) : full;
}
