/**
 * Packs the package and uses it as a stranger would: installed into an empty project without scripts, network or compiler.
 * Prints each check and ends with `N passed, N failed`.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './native-sources.mjs';

const execute = promisify(execFile);
const MAX_BYTES = 1_000_000;
const EXPECTED = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'dist/cli/main.js',
  'dist/index.d.ts',
  'dist/index.js',
  ...(await filesBelow('docs')),
  ...(await filesBelow('examples')),
  'package.json',
  `prebuilds/linux-${process.arch}/hugepages.node`,
];

// No pool of the machine is touched: transparent huge pages or base pages are always there.
const ALLOCATION = `
const region = await allocate({ size: '4MiB', backing: ['thp', 'base'] });
region.bytes().fill(7);
if (region.byteLength < 4 * 1024 ** 2) throw new Error('the region is too small');
if (region.bytes().at(-1) !== 7) throw new Error('the region does not hold what was written');
if (region.backing.presentBytes < region.byteLength) throw new Error('the region was not populated');
region.dispose();
if (!region.disposed) throw new Error('not disposed');
`;

const TYPED = `
import { allocate, type AllocateOptions, HugePagesError, type Region } from 'hugepages';
const options: AllocateOptions = { size: '4MiB', backing: ['thp', 'base'], prefault: { signal: AbortSignal.timeout(60_000) } };
// @ts-expect-error: a size is needed
await allocate({});
try {
  const region: Region = await allocate(options);
  const view: Float64Array = region.view(Float64Array, 0, 8);
  const address: bigint = region.address;
  console.log(view.length, address);
} catch (error) {
  if (error instanceof HugePagesError) console.log(error.code, error.remedy);
}
`;

async function filesBelow(folder) {
  const entries = await readdir(path.join(ROOT, folder), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => path.relative(ROOT, path.join(parentPath, name)));
}

/** Links of a page of docs that lead to no packed file, or to no heading of it. */
async function brokenLinks(page, files) {
  const text = await readFile(path.join(ROOT, page), 'utf8');
  const broken = [];
  for (const [, link] of text.matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
    const [target, anchor] = link.split('#');
    const name = target === '' ? page : path.join(path.dirname(page), target);
    const isThere = files.some((file) => file === name || file.startsWith(`${name}/`));
    if (!isThere || (anchor !== undefined && !(await anchors(name)).includes(anchor))) broken.push(`${page}: ${link}`);
  }
  return broken;
}

/** As GitHub makes them of headings. */
async function anchors(page) {
  const headings = (await readFile(path.join(ROOT, page), 'utf8')).matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, text]) => text.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'));
}

async function pack(directory) {
  const { stdout } = await execute('npm', ['pack', '--json', '--pack-destination', directory, '--loglevel=error'], { cwd: ROOT });
  // What the package's own scripts print comes before it.
  const [packed] = JSON.parse(stdout.slice(stdout.search(/^\[$/m)));
  return { files: packed.files.map((file) => file.path), tarball: path.join(directory, packed.filename) };
}

/** A PATH with nothing on it but node and npm. */
async function barePath(directory) {
  await mkdir(directory);
  await symlink(process.execPath, path.join(directory, 'node'));
  const { stdout } = await execute('which', ['npm']);
  await symlink(await realpath(stdout.trim()), path.join(directory, 'npm'));
  return directory;
}

async function typecheck(project, module, moduleResolution) {
  await writeFile(path.join(project, 'program.mts'), TYPED);
  const compilerOptions = {
    module,
    moduleResolution,
    noEmit: true,
    strict: true,
    target: 'ES2023',
    lib: ['ES2023', 'ESNext.Disposable'],
    types: ['node'],
    typeRoots: [path.join(ROOT, 'node_modules/@types')],
  };
  await writeFile(path.join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.mts'] }));
  await execute(process.execPath, [path.join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', project]);
}

function assert(condition, message) {
  if (!condition) throw new Error(message);
}

const counts = { passed: 0, failed: 0 };

async function check(name, action) {
  try {
    const note = await action();
    counts.passed++;
    console.log(`ok      ${name}${note === undefined ? '' : `: ${note}`}`);
  } catch (error) {
    counts.failed++;
    console.log(`failed  ${name}\n${error.stdout ?? ''}${error.stderr ?? ''}${error.message}`);
  }
}

async function smoke(directory) {
  const { files, tarball } = await pack(directory);
  const project = path.join(directory, 'project');
  await mkdir(project);
  await writeFile(path.join(project, 'package.json'), JSON.stringify({ name: 'project', private: true }));
  const PATH = await barePath(path.join(directory, 'bin'));
  const options = { cwd: project, env: { PATH, HOME: directory, NO_COLOR: '1' } };
  const tool = (name, ...args) => execute(process.execPath, [path.join(ROOT, 'node_modules/.bin', name), ...args], { cwd: ROOT });

  await check(`the tarball is below ${String(MAX_BYTES)} bytes`, async () => {
    const { size } = await stat(tarball);
    assert(size < MAX_BYTES, `${String(size)} bytes`);
    return `${String(size)} bytes`;
  });
  await check('the tarball holds what it should', () => {
    const missing = EXPECTED.filter((name) => !files.includes(name));
    const foreign = files.filter((name) => !EXPECTED.includes(name) && !/^dist\/.*(\.js|\.d\.ts)$/.test(name));
    assert(missing.length + foreign.length === 0, `missing: ${missing.join(' ')}\nnot expected: ${foreign.join(' ')}`);
    return `${String(files.length)} files`;
  });
  await check('the links of its documents lead somewhere', async () => {
    const pages = EXPECTED.filter((name) => name.startsWith('docs/'));
    const broken = (await Promise.all(pages.map((page) => brokenLinks(page, files)))).flat();
    assert(broken.length === 0, broken.join('\n'));
  });
  await check('it installs without scripts, network and compiler', async () => {
    await execute('npm', ['install', '--ignore-scripts', '--offline', tarball], options);
  });
  await check('an allocation from an ES module', async () => {
    await writeFile(path.join(project, 'program.mjs'), `import { allocate } from 'hugepages';\n${ALLOCATION}`);
    await execute('node', ['program.mjs'], options);
  });
  await check('an allocation from require()', async () => {
    const source = `const { allocate } = require('hugepages');\n(async () => {${ALLOCATION}})();`;
    await writeFile(path.join(project, 'program.cjs'), source);
    await execute('node', ['program.cjs'], options);
  });
  await check('the command line', async () => {
    const { stdout } = await execute('node', ['node_modules/.bin/hugepages', 'status', '--json'], options);
    JSON.parse(stdout);
  });
  await check('types with moduleResolution nodenext', () => typecheck(project, 'nodenext', 'nodenext'));
  await check('types with moduleResolution bundler', () => typecheck(project, 'preserve', 'bundler'));
  await check('publint', async () => void (await tool('publint', 'run', tarball, '--strict')));
  await check('are the types wrong', async () => void (await tool('attw', tarball, '--profile', 'esm-only')));
}

const directory = await mkdtemp(path.join(os.tmpdir(), 'hugepages-package-'));
try {
  await smoke(directory);
} finally {
  await rm(directory, { recursive: true, force: true });
}
console.log(`${String(counts.passed)} passed, ${String(counts.failed)} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;
