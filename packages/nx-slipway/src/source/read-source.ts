import { readFile, stat } from 'node:fs/promises';
import picomatch from 'picomatch';
import type { ManifestText } from '../manifest';
import type { Reporter } from '../report';
import { runCommand } from './command';
import { runHelm } from './helm';
import { runKustomize } from './kustomize';
import type { ManifestSource, YamlSource } from './source';
import { shown, sourceError } from './source-error';
import { filesMatching } from './walk';

/** What reading needs beside the source. */
export interface SourceRun {
  /** Of the workspace: origins are relative to it. */
  readonly root: string;
  /** That a chart is rendered for. */
  readonly namespace?: string;
  /** The user's own. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly reporter: Reporter;
  readonly secrets: () => readonly string[];
  readonly signal: AbortSignal;
}

/**
 * The texts of a source: files as they are, or what a tool of the user's makes.
 * @throws SLIPWAY_E_SOURCE, SLIPWAY_E_TOOL_MISSING, SLIPWAY_E_CANCELLED
 */
export function readSource(
  source: ManifestSource,
  run: SourceRun,
): Promise<ManifestText[]> {
  switch (source.kind) {
    case 'yaml':
      return readYaml(source, run);
    case 'kustomize':
      return runKustomize(source, run);
    case 'helm':
      return runHelm(source, run);
    case 'command':
      return runCommand(source, run);
  }
}

/** In the order of the globs, each file once, those of a glob by name. */
async function readYaml(
  { globs }: YamlSource,
  { root }: SourceRun,
): Promise<ManifestText[]> {
  const found = await Promise.all(globs.map(filesOf));
  globs.forEach((glob, index) => {
    if (found[index]?.length) return;
    throw sourceError(
      `no file matches ${shown(root, glob)}, which source.yaml names`,
      'Correct the path; it is relative to the project root unless it starts with {workspaceRoot}.',
    );
  });
  const files = [...new Set(found.flat())];
  return Promise.all(files.map((file) => readText(file, shown(root, file))));
}

async function filesOf(glob: string): Promise<string[]> {
  // A path may have characters that mean something in a glob.
  const named = await statOf(glob);
  if (named?.isDirectory()) {
    return filesMatching(glob, [`${glob}/**/*.{yaml,yml,json}`]);
  }
  if (named) return [glob];
  const { base, isGlob } = picomatch.scan(glob);
  const folder = isGlob ? await statOf(base) : undefined;
  return folder?.isDirectory() ? filesMatching(base, [glob]) : [];
}

function statOf(path: string) {
  return stat(path).catch(() => undefined);
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

async function readText(file: string, origin: string): Promise<ManifestText> {
  let bytes: Buffer;
  try {
    const info = await stat(file);
    if (!info.isFile()) throw new Error('it is no file');
    bytes = await readFile(file);
  } catch (error) {
    throw sourceError(
      `${origin} cannot be read: ${(error as Error).message}`,
      'Make it readable, or take it out of the source.',
      error,
    );
  }
  try {
    return { origin, text: UTF8.decode(bytes) };
  } catch (error) {
    throw sourceError(`${origin} is not UTF-8`, 'Save it as UTF-8.', error);
  }
}
