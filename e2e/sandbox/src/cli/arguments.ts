import { parseArgs, type ParseArgsConfig } from 'node:util';
import { SandboxError } from '../error';
import type { UpOptions } from '../options';

export const COMMANDS = ['up', 'down', 'status', 'env'] as const;
export type CommandName = (typeof COMMANDS)[number];

export interface Command {
  readonly command: CommandName;
  readonly name?: string;
  readonly json: boolean;
  readonly yes: boolean;
  readonly purge: boolean;
  /** What of `up` is said with options of the same names. */
  readonly up: UpOptions;
}

type Flags = NonNullable<ParseArgsConfig['options']>;

const COMMON: Flags = {
  help: { type: 'boolean', short: 'h' },
  name: { type: 'string' },
};

const FLAGS: Record<CommandName, Flags> = {
  up: {
    ...COMMON,
    yes: { type: 'boolean', short: 'y' },
    cluster: { type: 'boolean' },
    'docker-host': { type: 'string' },
    registry: { type: 'string' },
    'registry-from-cluster': { type: 'string' },
    'registry-config-map': { type: 'boolean' },
    kubeconfig: { type: 'string' },
    context: { type: 'string' },
  },
  down: { ...COMMON, purge: { type: 'boolean' } },
  status: { ...COMMON, json: { type: 'boolean' } },
  env: { ...COMMON, json: { type: 'boolean' } },
};

const usageError = (message: string) =>
  new SandboxError(
    'SANDBOX_E_USAGE',
    message,
    'npm run sandbox -- --help tells what there is.',
  );

const isCommand = (word: string | undefined): word is CommandName =>
  COMMANDS.some((command) => command === word);

function valuesOf(command: CommandName, args: string[]) {
  try {
    const options = FLAGS[command];
    return parseArgs({ args, options, allowNegative: true }).values;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code?.startsWith('ERR_PARSE_ARGS_')) throw usageError(message);
    throw error;
  }
}

/** @throws SandboxError SANDBOX_E_USAGE */
export function parseCommand(argv: readonly string[]): Command | 'help' {
  const [word, ...args] = argv;
  if (word === undefined || word === '--help' || word === '-h') return 'help';
  if (!isCommand(word)) throw usageError(`There is no command "${word}".`);
  const values = valuesOf(word, args);
  const text = (key: string) => {
    const value = values[key];
    return typeof value === 'string' ? value : undefined;
  };
  const flag = (key: string) => {
    const value = values[key];
    return typeof value === 'boolean' ? value : undefined;
  };
  if (flag('help')) return 'help';
  const name = text('name');
  return {
    command: word,
    name,
    json: flag('json') ?? false,
    yes: flag('yes') ?? false,
    purge: flag('purge') ?? false,
    up: {
      name,
      cluster: flag('cluster'),
      dockerHost: text('docker-host'),
      registry: text('registry'),
      registryFromCluster: text('registry-from-cluster'),
      registryConfigMap: flag('registry-config-map'),
      kubeconfig: text('kubeconfig'),
      context: text('context'),
    },
  };
}
