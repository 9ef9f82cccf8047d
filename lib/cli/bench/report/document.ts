/** A page that needs nothing besides, with the data that it shows in it. */
import { escapeXml } from '../../escape-xml.js';
import { STYLE } from './style.js';

/** No script runs and nothing is fetched, whatever the data say. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/**
 * @param sections - HTML
 * @param results - JSON of it is in the page: `JSON.parse(document.getElementById('results').textContent)`
 * @param style - rules of its own
 */
export function htmlDocument(title: string, sections: readonly string[], results: unknown, style = ''): string {
  return [
    '<!DOCTYPE html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<link rel="icon" href="data:,">',
    `<title>${escapeXml(title)}</title>`,
    `<style>\n${STYLE}\n${style}</style>`,
    '</head>',
    '<body>',
    `<h1>${escapeXml(title)}</h1>`,
    ...sections,
    `<script type="application/json" id="results">${embedded(results)}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** JSON that no text in it ends the element of. */
function embedded(results: unknown): string {
  return JSON.stringify(results).replaceAll('<', '\\u003c');
}
