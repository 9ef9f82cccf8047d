/** How a report looks: in light and dark, on a telephone and on paper. */
import type { BenchBacking } from '../../../bench/types.js';

/**
 * Hues that people tell apart whatever colours they see (after Okabe and Ito), darker on light paper: each has 3 to 1 against it, as WCAG
 * asks of graphics.
 */
export const COLOURS = {
  light: {
    paper: '#ffffff',
    text: '#1a1a1a',
    faint: '#595959',
    grid: '#dcdcdc',
    panel: '#f5f5f5',
    base: '#c25400',
    thp: '#008a64',
    'hugetlb-1': '#0064a8',
    'hugetlb-2': '#a8487f',
    'hugetlb-3': '#6b5bd0',
    'hugetlb-4': '#7a6a00',
    other: '#6b6b6b',
  },
  dark: {
    paper: '#16181c',
    text: '#e8e8e8',
    faint: '#b0b3b8',
    grid: '#34383f',
    panel: '#1f2228',
    base: '#ff9a4d',
    thp: '#2cc79b',
    'hugetlb-1': '#64b5f6',
    'hugetlb-2': '#ec9ac6',
    'hugetlb-3': '#b3a8ff',
    'hugetlb-4': '#e0cf4a',
    other: '#a0a4aa',
  },
} as const;

const HUGETLB = ['hugetlb-1', 'hugetlb-2', 'hugetlb-3', 'hugetlb-4'] as const;

/** @param hugetlb - the page sizes that have a colour each */
export function colourOf(backing: BenchBacking | undefined, hugetlb: readonly number[]): string {
  if (backing === undefined) return colour('other');
  if (backing.kind !== 'hugetlb') return colour(backing.kind);
  return colour(HUGETLB[hugetlb.indexOf(backing.pageSize) % HUGETLB.length] ?? 'other');
}

export function colour(name: keyof typeof COLOURS.light): string {
  return `var(--${name})`;
}

function properties(colours: Readonly<Record<string, string>>): string {
  return `:root{${Object.entries(colours).map(([name, value]) => `--${name}:${value}`).join(';')}}`;
}

/** Below this width of the window the narrow drawings are shown. */
const NARROW = '56rem';

export const STYLE = [
  ':root{color-scheme:light dark}',
  properties(COLOURS.light),
  `@media (prefers-color-scheme:dark){${properties(COLOURS.dark)}}`,
  'body{margin:0 auto;max-width:56rem;padding:1rem;background:var(--paper);color:var(--text);font:1rem/1.5 system-ui,sans-serif}',
  'h1,h2,h3{line-height:1.25;overflow-wrap:anywhere}h2{margin-top:3rem;border-bottom:2px solid var(--grid)}',
  'p,li,dd{overflow-wrap:anywhere}.faint{color:var(--faint)}',
  'dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;padding:.8rem 1rem;background:var(--panel)}',
  'dt{color:var(--faint)}dd{margin:0}',
  'figure{margin:1.5rem 0}figcaption{font-weight:bold}svg{display:block;max-width:100%;height:auto}',
  'svg text{paint-order:stroke}.wide{display:block}.narrow{display:none}',
  `@media (max-width:${NARROW}){.wide{display:none}.narrow{display:block}}`,
  '.scroll{overflow-x:auto}summary{cursor:pointer;color:var(--faint)}',
  'table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums}',
  'th,td{padding:.25rem .75rem;text-align:right;border-bottom:1px solid var(--grid);white-space:nowrap}',
  'thead th{white-space:normal;vertical-align:bottom}',
  'th:first-child,td:first-child{text-align:left;padding-left:0}',
  '@media (max-width:30rem){h1{font-size:1.5rem}dl{display:block}dd{margin-bottom:.5rem}th,td{padding-inline:.4rem}}',
].join('\n');
