import type { OptionSchema, OptionsSchema } from '../options';

/** The words of a command line behind its verb, as Nx takes them apart. */
export interface Flags {
  /** What has no dashes in front and is no value of an option before it. */
  readonly words: readonly string[];
  /** By their names without dashes; `true` for one without a value. */
  readonly given: readonly (readonly [name: string, value: string | true])[];
}

/** What every task of Nx takes beside its options. */
const OF_A_RUN = [
  ...['batch', 'configuration', 'c', 'exclude', 'graph', 'help', 'nxBail'],
  ...['outputStyle', 'parallel', 'skipNxCache', 'skipRemoteCache', 'tui'],
  ...['skipSync', 'verbose', 'prod'],
];
const OF_A_GENERATOR = [
  'dryRun',
  'd',
  'help',
  'interactive',
  'quiet',
  'verbose',
];

/** What a reader puts a word of their own in for: `PROJECT`, `...`. */
const PLACEHOLDER = /^(?:[A-Z][A-Z_-]*|\.{3}|…|\$.+)$/;

/** @param hasValue whether the next word belongs to an option written so */
export function parseFlags(
  args: readonly string[],
  hasValue: (name: string) => boolean,
): Flags {
  const words: string[] = [];
  const given: (readonly [string, string | true])[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    const [, written, value] =
      /^--?([A-Za-z][\w.-]*)(?:=([^]*))?$/.exec(arg) ?? [];
    if (written === undefined) {
      words.push(arg);
      continue;
    }
    const name = camel(written);
    const next = args[at + 1];
    if (value === undefined && hasValue(name) && next !== undefined) at += 1;
    else if (value === undefined) {
      given.push([name, true]);
      continue;
    }
    given.push([name, value ?? next ?? '']);
  }
  return { words, given };
}

/** @returns what is wrong with the options of a task of Nx, or of a generator */
export function wrongOptions(
  { given }: Flags,
  { properties }: OptionsSchema,
  of: 'task' | 'generator',
): string[] {
  const others = of === 'task' ? OF_A_RUN : OF_A_GENERATOR;
  return given.flatMap(([name, value]) => {
    const [plain = '', ...inner] = name.split('.');
    const positive = /^no[A-Z-]/.test(plain)
      ? camel(
          plain.replace(/^no-?/, '').replace(/^[A-Z]/, (a) => a.toLowerCase()),
        )
      : undefined;
    const option = properties[plain];
    if (option) return wrongValue(name, value, inner.length > 0 ? {} : option);
    if (others.includes(plain)) return [];
    if (
      positive &&
      (isSwitch(properties[positive]) || others.includes(positive))
    )
      return [];
    return [`there is no option --${name}`];
  });
}

export const isSwitch = (option: OptionSchema | undefined): boolean =>
  option !== undefined &&
  [option, ...(option.oneOf ?? option.anyOf ?? [])].some(
    ({ type }) => type === 'boolean',
  );

function wrongValue(
  name: string,
  value: string | true,
  option: OptionSchema,
): string[] {
  if (value === true) {
    return isSwitch(option) || !option.type ? [] : [`--${name} has no value`];
  }
  if (PLACEHOLDER.test(value) || !option.enum) return [];
  return option.enum.map(String).includes(value)
    ? []
    : [`--${name} is ${option.enum.join(', ')}, not ${value}`];
}

export const camel = (name: string): string =>
  name.replace(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase());
