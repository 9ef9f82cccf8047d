/** The actions of `hugepages bench`. */

/** Takes what follows the name of the action, and returns the exit code. */
type Action = (args: string[]) => Promise<number> | number;

const MEASURING = ['tlb', 'advise', 'prefault', 'fork', 'access', 'share'] as const;
const READING = ['compare', 'report'] as const;

/** Each is loaded when it is called: results are read where nothing can be measured. */
export const actions: ReadonlyMap<string, () => Promise<Action>> = new Map([
  ...MEASURING.map((name) => [name, async (): Promise<Action> => (await import('./measure.js'))[name]] as const),
  ...READING.map((name) => [name, async (): Promise<Action> => (await import('./results.js'))[name]] as const),
]);
