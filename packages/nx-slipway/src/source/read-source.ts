import type { ManifestText } from '../manifest';
import type { Reporter } from '../report';
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
 * What reads is loaded when it is needed: the graph only asks which files there
 * are, and pays 25 ms for a YAML parser, and more for what runs tools.
 * @throws SLIPWAY_E_SOURCE, SLIPWAY_E_TOOL_MISSING, SLIPWAY_E_CANCELLED
 */
export async function readSource(
  source: ManifestSource,
  run: SourceRun,
): Promise<ManifestText[]> {
  switch (source.kind) {
    case 'yaml': {
      const { readYaml } = await import('./read-yaml');
      return readYaml(source, run.root);
    }
    case 'kustomize': {
      const { runKustomize } = await import('./kustomize');
      return runKustomize(source, run);
    }
    case 'helm': {
      const { runHelm } = await import('./helm');
      return runHelm(source, run);
    }
    case 'command': {
      const { runCommand } = await import('./command');
      return runCommand(source, run);
    }
  }
}
