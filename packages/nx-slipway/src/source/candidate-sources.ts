import { basename, dirname, extname, relative, sep } from 'node:path';
import { basesOf, isKustomization } from './kustomization';
import { releaseOf, type ManifestSource, type ReadValues } from './source';
import { shown, toPosix } from './source-error';
import {
  compiled,
  leaveOut,
  walk,
  type ListFolder,
  type Unreadable,
} from './walk';

const CHART = 'Chart.yaml';
const KUSTOMIZATION = 'kustomization.yaml';
const BARE = 'Kustomization';
const BARE_END = /Kustomization$/;
const OWNERS = new Set([KUSTOMIZATION, 'kustomization.yml', BARE, CHART]);

/** A source that a project could mean, and how it is written. */
export interface Candidate {
  readonly source: ManifestSource;
  readonly line: () => string;
}

/** Where sources are looked for. */
export interface Search {
  readonly projectRoot: string;
  /** Absolute. */
  readonly globs: readonly string[];
  /** Names the release of a chart. */
  readonly project: string;
  readonly readValues: ReadValues;
  /** Folders of other projects in this one, below its root with `/`. */
  readonly inner?: ReadonlySet<string>;
  /** Of who has asked for the folders before. */
  readonly list?: ListFolder;
}

/**
 * All that a project which names no source could mean: for the graph, which has
 * an answer for none and for several. Folders that cannot be read are left out.
 */
export function candidateSources(search: Search): ManifestSource[] {
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
  const { matches, mayHold } = compiled(patterns);
  const isOwn = (names: readonly string[]) =>
    mayHold(names) && !search.inner?.has(names.join('/'));
  const files: string[] = [];
  const owners: string[] = [];
  for (const [file, path] of walk(
    projectRoot,
    isOwn,
    unreadable,
    search.list,
  )) {
    const name = basename(path);
    if (matches(name === BARE ? path.replace(BARE_END, KUSTOMIZATION) : path)) {
      files.push(file);
    }
    if (OWNERS.has(name)) owners.push(file);
  }
  files.sort();
  return { patterns, candidates: candidatesIn(files, owners, search) };
}

/** @param owners of the folders that were walked through */
function candidatesIn(
  files: readonly string[],
  owners: readonly string[],
  { projectRoot, project, readValues }: Search,
): Candidate[] {
  const release = releaseOf(project);
  const roots = (isOwner: (file: string) => boolean) =>
    [...new Set(owners.filter(isOwner).map((file) => dirname(file)))]
      .filter((folder) => files.some((file) => isBelow(file, folder)))
      .sort();
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
      line: () => `{ "kustomize": ${written(folder)} }`,
    })),
    ...charts.map((chart): Candidate => ({
      source: { kind: 'helm', chart, release, values: [], set: {} },
      line: () => `{ "helm": { "chart": ${written(chart)} } }`,
    })),
  ];
}

function looseFiles(projectRoot: string, files: readonly string[]): Candidate {
  const line = () => {
    const patterns = files.map((file) =>
      toPosix(`${relative(projectRoot, dirname(file))}/*${extname(file)}`),
    );
    const globs = [...new Set(patterns)].map((pattern) =>
      JSON.stringify(pattern.replace(/^\//, '')),
    );
    return `{ "yaml": [${globs.join(', ')}] }`;
  };
  return { source: { kind: 'yaml', globs: files }, line };
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
  return folders.some((folder) => isBelow(path, folder));
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder + sep);
}
