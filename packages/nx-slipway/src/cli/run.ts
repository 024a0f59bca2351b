import { formatError, hasCode, nearest } from '../report';
import { parseArguments } from './arguments';
import { COMMANDS, HELP, type Command } from './commands';
import { packageInfo } from '../tool';
import type { Terminal } from './terminal';
import { usageError } from './usage-error';

const FAILED = 1;
const MISUSED = 2;

/**
 * @param argv less Node and the program
 * @returns the exit code: 2 for a command line that makes no sense, 1 for all
 *   else that fails
 */
export async function runSlipway(
  argv: readonly string[],
  terminal: Terminal,
): Promise<number> {
  try {
    return await dispatch(argv, terminal);
  } catch (error) {
    const verbose = terminal.env.NX_VERBOSE_LOGGING === 'true';
    terminal.warn(formatError(error, verbose));
    return hasCode(error, 'SLIPWAY_E_USAGE') ? MISUSED : FAILED;
  }
}

async function dispatch(
  argv: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const [word, ...args] = argv;
  switch (word) {
    case undefined:
      terminal.warn(HELP.trimEnd());
      return MISUSED;
    case '--help':
    case '-h':
    case 'help':
      return help(args, terminal);
    case '--version':
      terminal.print(`${packageInfo().version}\n`);
      return 0;
    // How the stand-in of that name calls us.
    case 'tilt':
      return (await import('./tilt')).tilt(args, terminal);
    default:
      return runCommand(commandNamed(word), args, terminal);
  }
}

/** `slipway help`, and `slipway help COMMAND`. */
function help([word]: readonly string[], terminal: Terminal): number {
  const isAsked = word !== undefined && !word.startsWith('-');
  terminal.print(isAsked ? commandNamed(word).help : HELP);
  return 0;
}

async function runCommand(
  command: Command,
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const parsed = parseArguments(args, command);
  if (parsed === 'help') {
    terminal.print(command.help);
    return 0;
  }
  const run = await command.load();
  return run(parsed, terminal);
}

function commandNamed(word: string): Command {
  const command = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  if (command) return command;
  const kind = word.startsWith('-') ? 'option' : 'command';
  const names =
    kind === 'option' ? ['--help', '--version'] : Object.keys(COMMANDS);
  const near = nearest(word, names);
  throw usageError(
    `slipway has no ${kind} ${JSON.stringify(word)}.`,
    near === undefined ? 'See slipway --help.' : `Did you mean ${near}?`,
  );
}
