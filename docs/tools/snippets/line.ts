import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArguments } from '../../../packages/nx-slipway/src/cli/arguments';
import { COMMANDS } from '../../../packages/nx-slipway/src/cli/commands';
import { REPOSITORY } from '../page';
import { wrongNx } from './nx-line';
import { commandsOf } from './words';

/** @returns what is wrong in a piece of shell, each by its line from 0 */
export function wrongCommands(script: string): (readonly [number, string])[] {
  return commandsOf(script).flatMap(({ words, line }) =>
    wrongCommand(words).map(
      (why) => [line, `${words.join(' ')}: ${why}`] as const,
    ),
  );
}

function wrongCommand(words: readonly string[]): string[] {
  const program = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
  const [name = '', ...args] = words.slice(Math.max(program, 0));
  switch (name) {
    case 'npx':
      return wrongCommand(
        args.filter((arg) => arg !== '-y' && arg !== '--yes'),
      );
    case 'nx':
      return wrongNx(args);
    case 'slipway':
      return wrongSlipway(args);
    case 'npm':
      return wrongNpm(args.filter((arg) => !arg.startsWith('-')));
    default:
      return [];
  }
}

function wrongSlipway([name = '', ...args]: readonly string[]): string[] {
  if (['--help', '--version', 'help', 'COMMAND'].includes(name)) return [];
  const command = Object.entries(COMMANDS).find(([one]) => one === name)?.[1];
  if (!command) return [`slipway has no command ${name}`];
  // In a text, of the command itself.
  if (args.length === 0) return [];
  try {
    parseArguments(args, command);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

function wrongNpm([verb, script = '']: readonly string[]): string[] {
  if (verb !== 'run') return [];
  const { scripts } = JSON.parse(
    readFileSync(join(REPOSITORY, 'package.json'), 'utf8'),
  ) as { scripts: Record<string, string> };
  return script in scripts ? [] : [`there is no script ${script}`];
}
