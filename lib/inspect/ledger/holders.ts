/** The processes that hold something, each once. */
import type { SurveyedProcess } from './survey.js';
import type { LedgerHolder } from './types.js';

export class Holders {
  readonly #uses = new Map<SurveyedProcess, Set<'mapped' | 'open'>>();

  add(process: SurveyedProcess, use: 'mapped' | 'open'): this {
    const uses = this.#uses.get(process);
    if (uses === undefined) this.#uses.set(process, new Set([use]));
    else uses.add(use);
    return this;
  }

  list(): LedgerHolder[] {
    return [...this.#uses].map(([{ pid, command }, uses]) => ({ pid, command, uses: [...uses] }));
  }
}
