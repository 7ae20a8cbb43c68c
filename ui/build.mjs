// Builds the page into indexer/ui/static; with --check compares instead, and writes nothing.

import { readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, '../indexer/ui/static');

const made = { ...(await bundle()), 'index.html': await text('index.html'), 'favicon.svg': await text('favicon.svg') };

if (process.argv.includes('--check')) await check();
else for (const [name, content] of Object.entries(made)) await writeFile(join(target, name), content);

/** The script, the styles, and the licences of what is inside the script. */
async function bundle() {
  const result = await build({
    absWorkingDir: here,
    entryPoints: { app: 'src/main.ts', styles: 'styles.css' },
    outdir: 'out',
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    charset: 'utf8',
    minify: true,
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
    metafile: true,
    write: false,
  });
  const files = Object.fromEntries(result.outputFiles.map((file) => [file.path.split(/[\\/]/).pop(), file.text]));
  return { ...files, 'licenses.txt': await licenses(Object.keys(result.metafile.inputs)) };
}

async function licenses(inputs) {
  const packages = new Set(inputs.map((path) => path.match(/^node_modules\/(@[^/]+\/)?[^/]+/)?.[0]).filter(Boolean));
  const parts = await Promise.all([...packages].sort().map(license));
  return `app.js holds the packages below, each under its own licence.\n${parts.join('')}`;
}

async function license(directory) {
  const { name, version, license: terms } = JSON.parse(await text(join(directory, 'package.json')));
  const file = (await readdir(join(here, directory))).find((each) => /^licen[cs]e/i.test(each));
  const words = file ? (await text(join(directory, file))).trim() : '(its package carries no licence file)';
  return `\n${'-'.repeat(72)}\n${name} ${version} (${terms ?? 'see below'})\n\n${words}\n`;
}

async function check() {
  const different = [];
  for (const [name, content] of Object.entries(made)) {
    const committed = await readFile(join(target, name), 'utf8').catch(() => '');
    if (committed !== content) different.push(name);
  }
  const extra = (await readdir(target)).filter((name) => !(name in made));
  if (!different.length && !extra.length) return;
  console.error(`indexer/ui/static is not what ui/ builds (${[...different, ...extra].join(', ')}): run \`make ui\`.`);
  process.exitCode = 1;
}

function text(path) {
  return readFile(join(here, path), 'utf8');
}
