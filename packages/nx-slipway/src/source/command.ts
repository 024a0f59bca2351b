import { stat } from 'node:fs/promises';
import type { ManifestText } from '../manifest';
import type { SourceRun } from './read-source';
import type { CommandSource } from './source';
import { shown, sourceError } from './source-error';
import { textOfTool } from './tool-source';

/** The user's own command, which prints YAML. */
export async function runCommand(
  { command, dir }: CommandSource,
  run: SourceRun,
): Promise<ManifestText[]> {
  const info = await stat(dir).catch(() => undefined);
  if (!info?.isDirectory()) {
    throw sourceError(
      `the command of the source would run in ${shown(run.root, dir)}, which is no folder`,
      'Correct source.dir; it is relative to the project root.',
    );
  }
  const isShell = typeof command === 'string';
  const text = await textOfTool(
    {
      argv: isShell ? shellArgv(command, process.platform) : command,
      dir,
      origin: isShell ? command.trim() : command.join(' '),
      hint: 'The command itself failed. It must print the manifests as YAML on standard output, and all else on standard error.',
    },
    run,
  );
  return [text];
}

function shellArgv(command: string, platform: NodeJS.Platform): string[] {
  return platform === 'win32'
    ? ['cmd', '/d', '/s', '/c', command]
    : ['sh', '-c', command];
}
