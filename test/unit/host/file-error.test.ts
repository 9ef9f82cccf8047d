import { expect, it } from 'vitest';
import { fileError } from '../../../lib/host/text.js';

it('says what the system call failed with', () => {
  const cause = Object.assign(new Error('EISDIR: illegal operation'), { code: 'EISDIR', errno: -21, syscall: 'read' });
  expect(fileError('Could not read x', 'x', cause).message).toBe('Could not read x: read failed with EISDIR');
});

it('says why Node refuses a file', () => {
  const cause = Object.assign(new Error('Cannot create a string longer than 0x1fffffe8 characters'), { code: 'ERR_STRING_TOO_LONG' });
  expect(fileError('Could not read x', 'x', cause).message).toBe(`Could not read x: ${cause.message}`);
});
