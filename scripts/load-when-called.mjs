/**
 * A plugin of rolldown: whoever imports one of some modules gets stand-ins for its async functions, each of which loads the module when it
 * is called. What a program does not call does not delay its start, and neither sources nor types know of it.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseAst } from 'rolldown/parseAst';
import { ROOT } from './native-sources.mjs';

const STAND_IN = '?load-when-called';

/** @param files - of the checkout. What they export besides async functions cannot be imported any more: the build fails. */
export function loadWhenCalled(files) {
  const modules = new Set(files.map((file) => path.join(ROOT, file)));
  return {
    name: 'load-when-called',
    async resolveId(source, importer, { kind }) {
      if (kind !== 'import-statement' || !source.startsWith('.')) return null;
      const resolved = await this.resolve(source, importer, { kind, skipSelf: true });
      return modules.has(resolved?.id) ? resolved.id + STAND_IN : null;
    },
    async load(id) {
      if (!id.endsWith(STAND_IN)) return null;
      const file = id.slice(0, -STAND_IN.length);
      const { body } = parseAst(await readFile(file, 'utf8'), { lang: 'ts' });
      const functions = body.map(({ declaration }) => declaration).filter((declaration) => declaration?.async === true);
      return { code: functions.map(({ id: { name } }) => standIn(name, file)).join('\n'), moduleType: 'js' };
    },
  };
}

function standIn(name, file) {
  return `export async function ${name}(...args) {
    const { ${name} } = await import(${JSON.stringify(file)});
    return ${name}(...args);
  }`;
}
