import { DEFAULT_NAMES } from '../../../packages/nx-slipway/src/settings';
import { namesOf, schemaOf, type OptionsSchema } from '../options';
import docs from '../../project.json';
import { isSwitch, parseFlags, wrongOptions } from './flags';

/** Commands of Nx itself whose words are its own business. */
const OF_NX = [
  ...['connect', 'daemon', 'format', 'format:check', 'format:write', 'graph'],
  ...['import', 'init', 'list', 'login', 'migrate', 'release', 'repair'],
  ...['report', 'reset', 'show', 'sync', 'sync:check', 'watch', 'exec'],
  ...['start-ci-run', 'fix-ci', 'logout'],
];

/** Targets that are not of the plugin: of any workspace, and of this one's docs. */
const OTHER_TARGETS = [
  ...['build', 'e2e', 'lint', 'test', 'typecheck'],
  ...Object.keys(docs.targets),
];

const EXECUTORS: Readonly<Record<string, string>> = {
  [DEFAULT_NAMES.customBuild]: 'custom-build',
  [DEFAULT_NAMES.render]: 'render',
  [DEFAULT_NAMES.deploy]: 'deploy',
  [DEFAULT_NAMES.serve]: 'serve',
  [DEFAULT_NAMES.down]: 'down',
  // What init calls it where a project has a target of that name.
  'k8s-serve': 'serve',
};

const ANY: OptionsSchema = { properties: {} };

/** What of `--all` and the like is for Nx, and has a value. */
const VALUES = [
  ...['base', 'c', 'configuration', 'exclude', 'files', 'head', 'p'],
  ...['outputStyle', 'parallel', 'project', 'projects', 't', 'target'],
  ...['targets'],
];

/** @returns what is wrong with the words behind `nx` */
export function wrongNx(args: readonly string[]): string[] {
  const [verb = '', ...rest] = args;
  switch (verb) {
    case 'g':
    case 'generate':
      return wrongGenerate(rest);
    case 'add':
      return wrongAdd(rest);
    case 'run':
      return wrongRun(rest);
    case 'affected':
    case 'run-many':
      return wrongMany(rest);
    default:
      if (OF_NX.includes(verb) || verb.startsWith('-')) return [];
      return wrongTask(verb, rest, 1);
  }
}

function wrongGenerate([name = '', ...rest]: readonly string[]): string[] {
  const [plugin, generator = ''] = name.split(':');
  if (plugin !== 'nx-slipway' || isPlaceholder(generator)) return [];
  const schema = schemaOf('generator', generator);
  if (!schema) {
    const known = namesOf('generator').join(', ');
    return [`there is no generator ${generator}, but ${known}`];
  }
  const flags = parseFlags(rest, (one) => takesValue(one, schema));
  const places = Object.values(schema.properties).filter(
    (option) => option.$default?.$source === 'argv',
  );
  return [
    ...wrongOptions(flags, schema, 'generator'),
    ...flags.words
      .slice(places.length)
      .map((word) => `${generator} takes no word ${word}`),
  ];
}

/** Nx hands nothing on to the generator init. */
function wrongAdd([name = '', ...rest]: readonly string[]): string[] {
  if (!/^nx-slipway(?:@|$)/.test(name)) return [];
  return parseFlags(rest, () => false)
    .given.filter(([option]) => option !== 'verbose')
    .map(([option]) => `nx add does not hand on --${option}`);
}

function wrongRun([task, ...rest]: readonly string[]): string[] {
  // In a text, of the command itself.
  if (task === undefined) return [];
  const [, target] = task.split(':');
  if (target === undefined) return [`${task} names no target`];
  return wrongTask(target, rest, 0);
}

function wrongTask(
  target: string,
  rest: readonly string[],
  words: number,
): string[] {
  if (isPlaceholder(target)) return [];
  const schema = schemaOfTarget(target);
  if (!schema) return [`there is no target ${target}`];
  const flags = parseFlags(rest, (one) => takesValue(one, schema));
  if (schema === ANY) return [];
  return [
    ...wrongOptions(flags, schema, 'task'),
    ...flags.words.slice(words).map((word) => `${target} takes no ${word}`),
  ];
}

function wrongMany(args: readonly string[]): string[] {
  const names = ['-t', '--target', '--targets'];
  const targets = args.flatMap((arg, at) => {
    const [name = '', value] = arg.split('=');
    if (!names.includes(name)) return [];
    if (value !== undefined) return value.split(',');
    const end = args.findIndex((one, i) => i > at && one.startsWith('-'));
    const words = args.slice(at + 1, end < 0 ? undefined : end);
    return words.flatMap((word) => word.split(','));
  });
  return targets
    .filter((target) => !isPlaceholder(target) && !schemaOfTarget(target))
    .map((target) => `there is no target ${target}`);
}

function schemaOfTarget(target: string): OptionsSchema | undefined {
  const executor = EXECUTORS[target];
  if (executor !== undefined) return schemaOf('executor', executor);
  return OTHER_TARGETS.includes(target) ? ANY : undefined;
}

const takesValue = (name: string, { properties }: OptionsSchema): boolean =>
  name in properties ? !isSwitch(properties[name]) : VALUES.includes(name);

const isPlaceholder = (word: string): boolean =>
  /^(?:[A-Z][A-Z_-]*|\.{3}|…)$/.test(word);
