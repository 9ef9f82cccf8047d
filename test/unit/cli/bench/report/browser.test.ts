/** A report as a browser shows it. */
import { writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { renderPage } from '../../../../../lib/cli/bench/report/page.js';
import { COLOURS } from '../../../../../lib/cli/bench/report/style.js';
import { loadVega } from '../../../../../lib/cli/bench/report/vega.js';
import { ADVISE_RESULT, FORK_RESULT, PREFAULT_RESULT, RICH_TLB_RESULT } from '../../../../support/bench-results.js';
import { temporaryFolder } from '../../../../support/files.js';
import { findProgram } from '../../../../support/programs.js';
import { requires } from '../../../../support/requirements.js';

/** Run in the page, of which this program has no types. */
const MEASURE = `(() => {
  const visible = (element) => element.getClientRects().length > 0;
  const scaleOf = ({ a, b }) => Math.hypot(a, b);
  const svgs = [...document.querySelectorAll('svg')].filter(visible);
  const texts = svgs.flatMap((svg) => [...svg.querySelectorAll('text')]);
  const outside = texts.filter((text) => {
    const [inner, outer] = [text, text.closest('svg')].map((one) => one.getBoundingClientRect());
    return inner.left < outer.left - 1 || inner.right > outer.right + 1;
  });
  return {
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    charts: svgs.length,
    smallest: Math.min(...texts.map((text) => parseFloat(getComputedStyle(text).fontSize) * scaleOf(text.getScreenCTM()))),
    // Of the drawing, what the axes leave.
    narrowest: Math.min(...svgs.map((svg) => svg.querySelector('.root .background').getBoundingClientRect().width / svg.clientWidth)),
    outside: outside.map((text) => text.textContent),
    paper: getComputedStyle(document.body).backgroundColor,
    lines: [...new Set(svgs.flatMap((svg) => [...svg.querySelectorAll('.mark-line path')].map((line) => getComputedStyle(line).stroke)))],
  };
})()`;

interface Measured {
  readonly overflow: number;
  readonly charts: number;
  readonly smallest: number;
  readonly narrowest: number;
  readonly outside: string[];
  readonly paper: string;
  readonly lines: string[];
}

function rgb(colour: string): string {
  return `rgb(${[1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)).join(', ')})`;
}

requires({ program: 'chromium' }).describe('a report in a browser', () => {
  const file = temporaryFolder();
  let browser: Browser;

  beforeAll(async () => {
    const page = await renderPage([RICH_TLB_RESULT, PREFAULT_RESULT, FORK_RESULT, ADVISE_RESULT], await loadVega());
    writeFileSync(file('page.html'), page);
    // Its sandbox is not for root.
    const args = process.geteuid?.() === 0 ? ['--no-sandbox'] : [];
    browser = await chromium.launch({ executablePath: findProgram('chromium') ?? '', args });
  });

  afterAll(() => browser.close());

  async function open(width: number, colorScheme: 'light' | 'dark'): Promise<{ page: Page; complaints: string[] }> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!/^(file|data):/.test(request.url())) complaints.push(request.url());
    });
    await page.goto(`file://${file('page.html')}`);
    return { page, complaints };
  }

  for (const width of [400, 1280]) {
    for (const scheme of ['light', 'dark'] as const) {
      it(`${String(width)} pixels, ${scheme}`, async () => {
        const { page, complaints } = await open(width, scheme);
        const { paper, base, thp, other, 'hugetlb-1': hugetlb } = COLOURS[scheme];
        const { smallest, narrowest, lines, ...measured } = await page.evaluate<Measured>(MEASURE);
        expect(measured).toEqual({ overflow: 0, charts: 5, outside: [], paper: rgb(paper) });
        expect(narrowest).toBeGreaterThanOrEqual(0.6);
        expect(smallest).toBeGreaterThanOrEqual(11);
        expect(lines.toSorted()).toEqual([base, thp, other, hugetlb].map(rgb).toSorted());
        // Tables are opened by the keyboard, and scrolled in place.
        for (const summary of await page.locator('summary').all()) await summary.press('Enter');
        expect(await page.locator('details[open]').count()).toBe(5);
        expect((await page.evaluate<Measured>(MEASURE)).overflow).toBe(0);
        expect(complaints).toEqual([]);
        await page.close();
      });
    }
  }
});
