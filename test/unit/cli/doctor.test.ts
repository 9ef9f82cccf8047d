import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { renderDoctor } from '../../../lib/cli/doctor.js';
import type { DoctorReport } from '../../../lib/cli/doctor.js';
import { runCli } from '../../support/cli.js';

it('doctor puts what is wrong first, each command on a line of its own', () => {
  const report: DoctorReport = {
    problems: 1,
    findings: [
      { id: 'a', level: 'ok', title: 'A is fine', detail: 'Why.' },
      { id: 'b', level: 'advice', title: 'B could be better', detail: 'By far.', remedy: { sentence: 'Boot with b=1', needsRoot: true } },
      {
        ...{ id: 'c', level: 'problem', title: 'C is broken', detail: 'It fails.' },
        remedy: { sentence: 'Mend it: echo 1 | tee /c', command: 'echo 1 | tee /c', needsRoot: true },
      },
    ],
  };
  expect(stripVTControlCharacters(renderDoctor(report).join('\n'))).toBe(`Problems
  ✗ C is broken
    It fails.
    Mend it:
      echo 1 | tee /c

Advice
  ! B could be better
    By far.
    Boot with b=1

Fine
  ✓ A is fine`);
});

it.each([
  ['four-nodes', 0, 0],
  ['no-hugetlb', 1, 1],
])('hugepages doctor --root %s: exit code %d', async (tree, code, problems) => {
  const result = await runCli(['doctor', '--json', '--root', `test/fixtures/${tree}`]);
  expect(result).toMatchObject({ code, stderr: '' });
  expect(JSON.parse(result.stdout)).toMatchObject({ problems });
});
