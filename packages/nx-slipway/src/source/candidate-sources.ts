import { basename, dirname, extname, relative, sep } from 'node:path';
import { basesOf, isKustomization } from './kustomization';
import { releaseOf, type ManifestSource, type ReadValues } from './source';
import { shown, toPosix } from './source-error';
import { filesMatching, leaveOut, statOf, type Unreadable } from './walk';

const CHART = 'Chart.yaml';
/** In the folders above what is found; globs see that one without it. */
const OWNERS = ['kustomization.yaml', 'kustomization.yml', CHART];
const BARE = 'Kustomization';

/** A source that a project could mean, and how it is written. */
export interface Candidate {
  readonly source: ManifestSource;
  readonly line: string;
}

/** Where sources are looked for. */
export interface Search {
  readonly projectRoot: string;
  /** Absolute. */
  readonly globs: readonly string[];
  /** Names the release of a chart. */
  readonly project: string;
  readonly readValues: ReadValues;
}

/**
 * All that a project which names no source could mean: for the graph, which has
 * an answer for none and for several. Folders that cannot be read are left out.
 * @param globs absolute
 * @param project names the release of a chart
 */
export function candidateSources(
  projectRoot: string,
  globs: readonly string[],
  project: string,
  readValues: ReadValues,
): ManifestSource[] {
  const search = { projectRoot, globs, project, readValues };
  return candidatesOf(search, leaveOut).candidates.map(({ source }) => source);
}

/**
 * What is found under globs. A folder with a kustomization or a chart owns the
 * YAML below it (design 2.5), also one above what the globs match; a
 * kustomization that another of them is built on is no candidate of its own.
 * @returns the globs, too, relative to the project
 */
export function candidatesOf(search: Search, unreadable: Unreadable) {
  const { projectRoot, globs } = search;
  // The path of the project may have characters that mean something in a glob.
  const patterns = globs.map((glob) => toPosix(relative(projectRoot, glob)));
  const nameFor = (path: string) =>
    basename(path) === BARE
      ? `${path.slice(0, -BARE.length)}${OWNERS[0]}`
      : path;
  const files = [
    ...filesMatching(projectRoot, patterns, unreadable, nameFor),
  ].sort();
  return { patterns, candidates: candidatesIn(files, search) };
}

function candidatesIn(
  files: readonly string[],
  { projectRoot, project, readValues }: Search,
): Candidate[] {
  const release = releaseOf(project);
  const owners = [...files, ...ownersAbove(projectRoot, files)];
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
    ...notBuiltOn(kustomizations, readValues).map((folder): Candidate => ({
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
function ownersAbove(projectRoot: string, files: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const file of files) {
    let folder = dirname(file);
    while (!folders.has(folder) && folder.startsWith(projectRoot)) {
      folders.add(folder);
      folder = dirname(folder);
    }
  }
  return [...folders]
    .flatMap((folder) =>
      [...OWNERS, BARE].map((name) => `${folder}${sep}${name}`),
    )
    .filter((file) => statOf(file)?.isFile());
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
function notBuiltOn(
  folders: readonly string[],
  readValues: ReadValues,
): string[] {
  // One alone is asked nothing: there is nobody to be built on it.
  if (folders.length < 2) return [...folders];
  const named = new Set(
    folders.flatMap((folder) => basesOf(folder, readValues)),
  );
  const kept = folders.filter((folder) => !named.has(folder));
  return kept.length > 0 ? kept : [...folders];
}

function isBelowOneOf(folders: readonly string[], path: string): boolean {
  return folders.some((folder) => path.startsWith(folder + sep));
}
