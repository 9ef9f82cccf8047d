/** The colours of the SVG: of light paper, and of dark where the reader prefers that. */

/** By class: at least 3 to 1 against the paper for what is present, as WCAG asks of graphics. */
export const COLOURS = {
  light: {
    paper: '#ffffff',
    text: '#1a1a1a',
    cell: '#ededed',
    'hugetlb-1': '#123a8c',
    'hugetlb-2': '#2f7fd0',
    'hugetlb-3': '#7a3fb0',
    'hugetlb-4': '#b0409a',
    thp: '#1d7f4e',
    base: '#b36b00',
    swap: '#c62828',
    'hugetlb-absent': '#b9cdec',
    absent: '#d6d6d6',
  },
  dark: {
    paper: '#16181c',
    text: '#e8e8e8',
    cell: '#24272d',
    'hugetlb-1': '#5d8bf4',
    'hugetlb-2': '#7cc4ff',
    'hugetlb-3': '#b58cf0',
    'hugetlb-4': '#ef8fd6',
    thp: '#4cc38a',
    base: '#f0b04a',
    swap: '#ff7b72',
    'hugetlb-absent': '#33486e',
    absent: '#3d4148',
  },
} as const;

function rules(colours: Readonly<Record<string, string>>): string {
  return Object.entries(colours).map(([name, colour]) => `${name === 'text' ? name : `.${name}`}{fill:${colour}}`).join('');
}

export const STYLE = [
  'text{font:13px system-ui,sans-serif}',
  '.heading{font-weight:bold;font-size:15px}',
  '.address{font-family:ui-monospace,monospace;font-size:12px}',
  rules(COLOURS.light),
  `@media (prefers-color-scheme:dark){${rules(COLOURS.dark)}}`,
].join('');
