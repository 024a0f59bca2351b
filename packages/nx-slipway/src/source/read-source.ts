import type { ManifestText } from '../manifest';
import type { Reporter } from '../report';
import { runCommand } from './command';
import { runHelm } from './helm';
import { runKustomize } from './kustomize';
import { readYaml } from './read-yaml';
import type { ManifestSource } from './source';

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
      return readYaml(source, run.root);
    case 'kustomize':
      return runKustomize(source, run);
    case 'helm':
      return runHelm(source, run);
    case 'command':
      return runCommand(source, run);
  }
}
