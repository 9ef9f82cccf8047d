import { describe, expect, it } from 'vitest';
import { renderRestore } from '../../../lib/cli/restore.js';

describe('renderRestore', () => {
  it('says that there is nothing, unless a setup has not ended', () => {
    expect(renderRestore({ entries: [], unfinishedSetup: false })).toEqual(['Nothing was left to put back']);
    const text = renderRestore({ entries: [], unfinishedSetup: true }).join('\n');
    expect(text).toContain('sudo hugepages setup --undo');
    expect(text).not.toContain('Nothing');
  });
});
