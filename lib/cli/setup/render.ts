/** What became of a setup, in lines. */
import type { SetupResult } from '../../host/setup/setup.js';
import { printable } from '../printable.js';
import { heading } from '../render.js';

/** The result as lines for people. */
export function renderSetup(result: SetupResult): string[] {
  const { diff, left, short, kernelParameters } = result;
  return [
    ...(diff === '' ? [] : [...diff.trimEnd().split('\n'), '']),
    ...section(
      'Left alone',
      left.map(({ path, reason }) => printable(`  ${path}: ${reason}`)),
    ),
    ...section(
      'Too few pages',
      short.map(({ path, requested, granted }) => `  ${path}: ${String(granted)} of ${String(requested)}, the rest at the next boot`),
    ),
    ...section(
      'Kernel parameters for the boot loader, which are left to you',
      (kernelParameters === undefined ? [] : [kernelParameters]).map((line) => `  ${line}`),
    ),
    verdict(result),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [heading(title), ...lines, ''];
}

function verdict({ dryRun, steps, left }: SetupResult): string {
  if (steps.length === 0) return left.length === 0 ? 'Nothing to do' : 'Nothing else to do';
  const count = `${String(steps.length)} ${steps.length === 1 ? 'change' : 'changes'}`;
  return dryRun ? `${count} to make: nothing was changed` : `${count} made`;
}
