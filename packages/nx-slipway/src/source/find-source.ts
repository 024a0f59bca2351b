import { readFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { SlipwayError } from '../report';
import { releaseOf, type ManifestSource } from './source';
import { filesMatching } from './walk';

const KUSTOMIZATIONS = [
  'kustomization.yaml',
  'kustomization.yml',
  'Kustomization',
];
const CHARTS = ['Chart.yaml', 'Chart.yml'];

/** A source that a project could mean, and how it is written. */
interface Candidate {
  readonly source: ManifestSource;
  readonly line: string;
}

/**
 * The source of a project that names none: what is found under the plugin's
 * globs. A folder with a kustomization or a chart owns the YAML below it (design
 * 2.5); a kustomization that another of them is built on is no candidate of its own.
 * @param globs absolute
 * @param project names the release of a chart
 * @throws SLIPWAY_E_SOURCE if there is none, or more than one
 */
export async function findSource(
  projectRoot: string,
  globs: readonly string[],
  project: string,
): Promise<ManifestSource> {
  const files = await filesMatching(projectRoot, globs);
  const candidates = await candidatesIn(projectRoot, files, releaseOf(project));
  const [only, ...others] = candidates;
  if (only && others.length === 0) return only.source;
  if (!only) {
    throw new SlipwayError({
      code: 'SLIPWAY_E_SOURCE',
      message: `there are no manifests in ${projectRoot}: no file matches ${globs.map((glob) => relative(projectRoot, glob)).join(', ')}.`,
      hint: 'Write them there, name another "source", or set "manifests" in the options of nx-slipway in nx.json.',
    });
  }
  throw new SlipwayError({
    code: 'SLIPWAY_E_SOURCE',
    message: `the manifests of ${projectRoot} could be any of ${candidates.length} sources.`,
    hint: `Choose one in the target's options:\n${candidates.map(({ line }) => `    "source": ${line}`).join('\n')}`,
  });
}

async function candidatesIn(
  projectRoot: string,
  files: readonly string[],
  release: string,
): Promise<Candidate[]> {
  const roots = (names: readonly string[]) =>
    files
      .filter((file) => names.includes(basename(file)))
      .map((f) => dirname(f));
  const charts = roots(CHARTS);
  const isInChart = (path: string) =>
    charts.some((chart) => isBelow(path, chart));
  const kustomizations = roots(KUSTOMIZATIONS).filter(
    (path) => !isInChart(path),
  );
  const owners = [...charts, ...kustomizations];
  const loose = files.filter(
    (file) => !owners.some((one) => isBelow(file, one)),
  );
  const shown = (path: string) =>
    JSON.stringify(relative(projectRoot, path).split(sep).join('/') || '.');
  return [
    ...(loose.length === 0 ? [] : [looseFiles(loose, shown)]),
    ...(await notBuiltOn(kustomizations)).map((folder): Candidate => ({
      source: { kind: 'kustomize', folder },
      line: `{ "kustomize": ${shown(folder)} }`,
    })),
    ...charts
      .filter(
        (chart) =>
          !charts.some((other) => other !== chart && isBelow(chart, other)),
      )
      .map((chart): Candidate => ({
        source: { kind: 'helm', chart, release, values: [], set: {} },
        line: `{ "helm": { "chart": ${shown(chart)} } }`,
      })),
  ];
}

function looseFiles(
  files: readonly string[],
  shown: (path: string) => string,
): Candidate {
  const folders = [...new Set(files.map((file) => dirname(file)))];
  const globs = folders.map((folder) => shown(join(folder, '*.yaml')));
  return {
    source: { kind: 'yaml', globs: files },
    line: `{ "yaml": [${globs.join(', ')}] }`,
  };
}

/** Those that no other of them refers to. */
async function notBuiltOn(folders: readonly string[]): Promise<string[]> {
  const texts = await Promise.all(folders.map(kustomizationIn));
  const named = new Set(
    folders.flatMap((folder, index) =>
      relativePaths(texts[index] ?? '').map((path) => resolve(folder, path)),
    ),
  );
  return folders.filter((folder) => !named.has(folder));
}

async function kustomizationIn(folder: string): Promise<string> {
  for (const name of KUSTOMIZATIONS) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '');
    if (text !== '') return text;
  }
  return '';
}

/** Whatever looks like a path in a list of it: only folders count. */
function relativePaths(text: string): string[] {
  return [
    ...text.matchAll(
      /^\s*-\s+['"]?(\.{1,2}\/[^\s'"#]*|[\w.-]+(?:\/[\w.-]+)*\/?)['"]?\s*(?:#.*)?$/gm,
    ),
  ].map(([, path = '']) => path);
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}
