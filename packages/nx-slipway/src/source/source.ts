import type { JsonValue } from '../locate';

/** What the manifests of a set are made of; every path is absolute. */
export type ManifestSource =
  YamlSource | KustomizeSource | HelmSource | CommandSource;

export interface YamlSource {
  readonly kind: 'yaml';
  /** Files or globs. */
  readonly globs: readonly string[];
}

export interface KustomizeSource {
  readonly kind: 'kustomize';
  readonly folder: string;
}

export interface HelmSource {
  readonly kind: 'helm';
  /** The chart's folder. */
  readonly chart: string;
  readonly release: string;
  /** Files, the later winning. */
  readonly values: readonly string[];
  /** By dotted path; they win over the files. */
  readonly set: Readonly<Record<string, unknown>>;
}

export interface CommandSource {
  readonly kind: 'command';
  /** A string goes to the shell, a list is run without one. */
  readonly command: string | readonly string[];
  readonly dir: string;
  /** What it reads: files, folders and globs. */
  readonly deps: readonly string[];
}

/**
 * The values of a text of YAML, none if it is no YAML. Who asks has it: what
 * runs reads as kubectl does, and the graph reads fast and remembers.
 * @param origin an absolute path
 */
export type ReadValues = (origin: string, text: string) => readonly JsonValue[];

/** What Helm takes at most, in characters. */
const MAX_RELEASE = 53;

/** The release of a project, which may be called `@acme/shop`. */
export function releaseOf(project: string): string {
  const name = project
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, MAX_RELEASE)
    .replace(/-$/, '');
  return name || 'release';
}
