/** What failed system calls mean to who shares a region. */
import { expect, it } from 'vitest';
import { meaningOf } from '../../../lib/region/sharing-failures.js';

it.each([
  ['recv', -32, 'who listened there closed without an answer'], // EPIPE
  ['recv', -104, 'who listened there closed without an answer'], // ECONNRESET
  ['recv', -110, 'who listened there did not answer'], // ETIMEDOUT
  ['recv', -5, 'recv failed with EIO'],
])('%s, %i: %s', (syscall, errno, text) => {
  expect(meaningOf({ syscall, errno })).toBe(text);
});
