import type { ManifestText } from '../manifest';
import { runTool, type ToolRun } from '../tool';
import { sourceError } from './source-error';
import type { SourceRun } from './read-source';

/** A tool that prints manifests. */
export interface SourceTool extends Pick<ToolRun, 'argv' | 'dir' | 'hint'> {
  /** For messages, and the origin of what it prints. */
  readonly origin: string;
}

/**
 * Runs a tool and takes what it prints on standard output for manifests.
 * @throws SLIPWAY_E_SOURCE, SLIPWAY_E_TOOL_MISSING, SLIPWAY_E_CANCELLED
 */
export async function textOfTool(
  { origin, ...tool }: SourceTool,
  { env, reporter, secrets, signal }: SourceRun,
): Promise<ManifestText> {
  const text = await runTool({
    ...tool,
    env,
    doing: `rendering manifests by ${origin}`,
    code: 'SLIPWAY_E_SOURCE',
    reporter,
    secrets,
    signal,
  });
  if (text.trim() !== '') return { origin, text };
  throw sourceError(
    `${origin} printed nothing`,
    'It must print the manifests as YAML on standard output. Nothing is deployed or pruned by an empty set.',
  );
}
