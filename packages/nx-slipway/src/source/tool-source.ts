import type { ManifestText } from '../manifest';
import { scrub, SlipwayError } from '../report';
import { runTool, type ToolRun } from '../tool';
import type { SourceRun } from './read-source';
import { sourceError } from './source-error';
import { strayLine } from './stray-line';
import { decode } from './utf8';

/** A tool that prints manifests. */
export interface SourceTool extends Pick<
  ToolRun,
  'argv' | 'isVerbatim' | 'dir' | 'hint'
> {
  /** For messages, and the origin of what it prints. */
  readonly origin: string;
  /** What makes it print its version, where it may be too old. */
  readonly version?: readonly string[];
}

const AS_YAML =
  'It must print the manifests as YAML on standard output, and all else on standard error.';
/** How tools say that they do not know what newer ones do. */
const FROM_THE_FUTURE =
  /unknown (?:shorthand )?flag|unknown command|json: unknown field|flag provided but not defined/i;
/** How long it may take over telling its version, in milliseconds. */
const VERSION_MS = 5000;

/**
 * Runs a tool and takes what it prints on standard output for manifests. What
 * it says on standard error is shown.
 * @throws SLIPWAY_E_SOURCE, SLIPWAY_E_TOOL_MISSING, SLIPWAY_E_CANCELLED
 */
export async function textOfTool(
  tool: SourceTool,
  run: SourceRun,
): Promise<ManifestText> {
  const origin = scrub(tool.origin, run.secrets());
  const text = decode(await printedBy(tool, origin, run));
  if (text === undefined) {
    throw sourceError(`${origin} printed what is not UTF-8`, AS_YAML);
  }
  if (text.trim() === '') {
    throw sourceError(
      `${origin} printed nothing`,
      `${AS_YAML} Nothing is deployed or pruned by an empty set.`,
    );
  }
  const stray = strayLine(text);
  if (stray) {
    const said = scrub(stray.text, run.secrets());
    throw sourceError(
      `${origin} printed a line that is no manifest, line ${stray.number}: ${said}`,
      AS_YAML,
    );
  }
  return { origin, text };
}

async function printedBy(
  tool: SourceTool,
  origin: string,
  run: SourceRun,
): Promise<Uint8Array> {
  const { env, reporter, secrets, signal } = run;
  try {
    return await runTool({
      argv: tool.argv,
      isVerbatim: tool.isVerbatim,
      dir: tool.dir,
      hint: tool.hint,
      env,
      doing: `rendering manifests by ${origin}`,
      code: 'SLIPWAY_E_SOURCE',
      showsStderr: true,
      reporter,
      secrets,
      signal,
    });
  } catch (error) {
    if (!(error instanceof SlipwayError) || !tool.version) throw error;
    if (!FROM_THE_FUTURE.test(error.message)) throw error;
    const version = await versionOf(tool, tool.version, run);
    throw sourceError(
      error.message.replace(/\.$/, ''),
      `Is it too old? ${version} ${tool.hint ?? ''}`.trim(),
      error,
    );
  }
}

async function versionOf(
  { dir, argv: [program = ''] }: SourceTool,
  argv: readonly string[],
  { env, reporter, secrets, signal }: SourceRun,
): Promise<string> {
  const asked = argv.join(' ');
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), VERSION_MS);
  try {
    const printed = await runTool({
      argv,
      dir,
      env,
      doing: `asking ${program} for its version`,
      code: 'SLIPWAY_E_SOURCE',
      reporter,
      secrets,
      signal: AbortSignal.any([signal, late.signal]),
    });
    return `\`${asked}\` says: ${scrub(String(printed).trim(), secrets())}.`;
  } catch (error) {
    if (!(error instanceof SlipwayError) || signal.aborted) throw error;
    return `Ask \`${asked}\`.`;
  } finally {
    clearTimeout(timer);
  }
}
