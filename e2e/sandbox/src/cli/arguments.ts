import { parseArgs, type ParseArgsConfig } from 'node:util';
import { SandboxError } from '../error';
import type { UpOptions } from '../options';

export const COMMANDS = ['up', 'down', 'status', 'env'] as const;
export type CommandName = (typeof COMMANDS)[number];

export interface Command extends Pick<
  UpOptions,
  Exclude<keyof UpOptions, 'report' | 'confirm' | 'thorough'>
> {
  readonly command: CommandName;
  readonly help: boolean;
  readonly json: boolean;
  readonly yes: boolean;
  readonly purge: boolean;
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
    if (error instanceof TypeError) throw usageError(error.message);
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
  return {
    command: word,
    help: false,
    name: text('name'),
    cluster: flag('cluster'),
    dockerHost: text('docker-host'),
    registry: text('registry'),
    registryFromCluster: text('registry-from-cluster'),
    registryConfigMap: flag('registry-config-map'),
    kubeconfig: text('kubeconfig'),
    context: text('context'),
    json: flag('json') ?? false,
    yes: flag('yes') ?? false,
    purge: flag('purge') ?? false,
  };
}
