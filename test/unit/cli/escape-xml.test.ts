import { expect, it } from 'vitest';
import { escapeXml } from '../../../lib/cli/escape-xml.js';

it('escapes what is markup, and replaces what XML cannot have', () => {
  expect(escapeXml('a<b>&"\u0007\ud800😀')).toBe('a&lt;b&gt;&amp;&quot;\ufffd\ufffd😀');
});
