import { basename, dirname, extname, relative, sep } from 'node:path';
import { basesOf, isKustomization } from './kustomization';
import { releaseOf, type ManifestSource } from './source';
import { shown, sourceError, toPosix } from './source-error';
import { filesMatching, statOf } from './walk';

const CHART = 'Chart.yaml';
/** In the folders above what is found; globs see that one without it. */
const OWNERS = ['kustomization.yaml', 'kustomization.yml', CHART];
const BARE = 'Kustomization';

/** A source that a project could mean, and how it is written. */
interface Candidate {
  readonly source: ManifestSource;
  readonly line: string;
}

/**
 * The source of a project that names none: what is found under the plugin's
 * globs. A folder with a kustomization or a chart owns the YAML below it (design
 * 2.5), also one above what the globs match; a kustomization that another of
 * them is built on is no candidate of its own.
 * @param globs absolute
 * @param project names the release of a chart
 * @throws SLIPWAY_E_SOURCE if there is none, or more than one
 */
export async function findSource(
  projectRoot: string,
  globs: readonly string[],
  project: string,
): Promise<ManifestSource> {
  // The path of the project may have characters that mean something in a glob.
  const patterns = globs.map((glob) => toPosix(relative(projectRoot, glob)));
  const files = await filesMatching(projectRoot, patterns, (path) =>
    basename(path) === BARE
      ? `${path.slice(0, -BARE.length)}${OWNERS[0]}`
      : path,
  );
  const candidates = await candidatesIn(projectRoot, files, releaseOf(project));
  const [only, ...others] = candidates;
  if (only && others.length === 0) return only.source;
  if (!only) {
    throw sourceError(
      `there are no manifests in ${projectRoot}: no file matches ${patterns.join(', ')}`,
      'Write them there, name another "source", or set "manifests" in the options of nx-slipway in nx.json.',
    );
  }
  throw sourceError(
    `the manifests of ${projectRoot} could be any of ${candidates.length} sources`,
    `Choose one in the target's options:\n${candidates.map(({ line }) => `    "source": ${line}`).join('\n')}`,
  );
}

async function candidatesIn(
  projectRoot: string,
  files: readonly string[],
  release: string,
): Promise<Candidate[]> {
  const owners = [...files, ...(await ownersAbove(projectRoot, files))];
  const roots = (isOwner: (file: string) => boolean) =>
    [...new Set(owners.filter(isOwner).map((file) => dirname(file)))].sort();
  const charts = roots((file) => basename(file) === CHART).filter(
    (chart, _, all) => !isBelowOneOf(all, chart),
  );
  const kustomizations = roots(isKustomization).filter(
    (folder) => !charts.includes(folder) && !isBelowOneOf(charts, folder),
  );
  const loose = files.filter(
    (file) => !isBelowOneOf([...charts, ...kustomizations], file),
  );
  const written = (path: string) => JSON.stringify(shown(projectRoot, path));
  return [
    ...(loose.length === 0 ? [] : [looseFiles(projectRoot, loose)]),
    ...(await notBuiltOn(kustomizations)).map((folder): Candidate => ({
      source: { kind: 'kustomize', folder },
      line: `{ "kustomize": ${written(folder)} }`,
    })),
    ...charts.map((chart): Candidate => ({
      source: { kind: 'helm', chart, release, values: [], set: {} },
      line: `{ "helm": { "chart": ${written(chart)} } }`,
    })),
  ];
}

/** Kustomizations and charts in the folders that files lie in, up to the project's. */
async function ownersAbove(
  projectRoot: string,
  files: readonly string[],
): Promise<string[]> {
  const folders = new Set<string>();
  for (const file of files) {
    let folder = dirname(file);
    while (!folders.has(folder) && folder.startsWith(projectRoot)) {
      folders.add(folder);
      folder = dirname(folder);
    }
  }
  const possible = [...folders].flatMap((folder) =>
    [...OWNERS, BARE].map((name) => `${folder}${sep}${name}`),
  );
  const stats = await Promise.all(possible.map(statOf));
  return possible.filter((_, index) => stats[index]?.isFile());
}

function looseFiles(projectRoot: string, files: readonly string[]): Candidate {
  const patterns = files.map((file) =>
    toPosix(`${relative(projectRoot, dirname(file))}/*${extname(file)}`),
  );
  const globs = [...new Set(patterns)].map((pattern) =>
    JSON.stringify(pattern.replace(/^\//, '')),
  );
  return {
    source: { kind: 'yaml', globs: files },
    line: `{ "yaml": [${globs.join(', ')}] }`,
  };
}

/** Those that no other of them names; all, where they name each other. */
async function notBuiltOn(folders: readonly string[]): Promise<string[]> {
  const bases = await Promise.all(folders.map(basesOf));
  const named = new Set(bases.flat());
  const kept = folders.filter((folder) => !named.has(folder));
  return kept.length > 0 ? kept : [...folders];
}

function isBelowOneOf(folders: readonly string[], path: string): boolean {
  return folders.some((folder) => path.startsWith(folder + sep));
}
