/** Writes reports. */
import { accessSync, constants, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { BenchResult } from '../../../bench/types.js';
import { HugePagesError } from '../../../errors.js';
import { fileError } from '../../../host/text.js';
import { UsageError } from '../../command.js';
import { renderPage } from './page.js';
import { loadVega } from './vega.js';

const REMEDY = 'Name a file in a directory that is there, and may be written to';

/**
 * Finds out whether a report can be written, before minutes go into measuring for it.
 *
 * @returns what writes it
 * @throws HugePagesError
 */
export async function prepareReport(file: string): Promise<(results: readonly BenchResult[]) => Promise<void>> {
  if (file === '') throw new UsageError('--html takes the name of a file');
  const draw = await loadVega();
  attempt(file, () => checkWritable(file));
  return async (results) => {
    const page = await renderPage(results, draw);
    attempt(file, () => writeFileSync(file, page));
  };
}

function checkWritable(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) throw new HugePagesError('ERR_HUGEPAGES_SYSTEM', `--html ${file} is a directory`, { remedy: REMEDY });
  accessSync(found === undefined ? dirname(file) : file, constants.W_OK);
}

function attempt(file: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (error instanceof HugePagesError) throw error;
    throw fileError(`Could not write the report of --html to ${file}`, file, error, REMEDY);
  }
}
