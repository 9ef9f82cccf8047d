/** One test that ran in a guest. */
export interface Outcome {
  readonly name: string;
  /** Why it failed. */
  readonly error?: string;
}
