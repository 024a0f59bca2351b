import type { ManifestText } from '../manifest';
import { inShell } from '../tool';
import type { SourceRun } from './read-source';
import type { CommandSource } from './source';
import { shown, sourceError } from './source-error';
import { textOfTool } from './tool-source';
import { isFolder } from './walk';

/** The user's own command, which prints YAML. */
export async function runCommand(
  { command, dir }: CommandSource,
  run: SourceRun,
): Promise<ManifestText[]> {
  if (!isFolder(dir)) {
    throw sourceError(
      `the command of the source would run in ${shown(run.root, dir)}, which is no folder`,
      'Correct source.dir; it is relative to the project root.',
    );
  }
  const isShell = typeof command === 'string';
  const text = await textOfTool(
    {
      argv: isShell ? inShell(command, process.platform) : command,
      isVerbatim: isShell,
      dir,
      origin: inShort(isShell ? command : command.join(' ')),
      hint: 'The command itself failed. It must print the manifests as YAML on standard output, and all else on standard error.',
    },
    run,
  );
  return [text];
}

/** Characters, of what stands before every message on its manifests. */
const MAX_ORIGIN = 80;

/** The first line of a script, if need be cut. */
function inShort(command: string): string {
  const [line = '', ...more] = command.trim().split(/\r?\n/);
  const isWhole = more.length === 0 && line.length <= MAX_ORIGIN;
  return isWhole ? line : `${line.slice(0, MAX_ORIGIN).trimEnd()} ...`;
}
