/** Writes reports. */
import { accessSync, constants, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { BenchResult } from '../../../bench/types.js';
import { fileError } from '../../../host/text.js';
import { renderPage } from './page.js';
import { loadVega } from './vega.js';

/**
 * Finds out whether a report can be written, before minutes go into measuring for it.
 *
 * @returns what writes it
 * @throws HugePagesError
 */
export async function prepareReport(file: string): Promise<(results: readonly BenchResult[]) => Promise<void>> {
  const draw = await loadVega();
  attempt(file, () => accessSync(dirname(file), constants.W_OK));
  return async (results) => {
    const page = await renderPage(results, draw);
    attempt(file, () => writeFileSync(file, page));
  };
}

function attempt(file: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    throw fileError(`Could not write the report of --html to ${file}`, file, error);
  }
}
