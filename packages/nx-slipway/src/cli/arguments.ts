import { nearest } from '../report';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { usageError } from './usage-error';

export type Flags = NonNullable<ParseArgsConfig['options']>;

/** What a command takes. */
export interface Syntax {
  /** As it is called: `slipway prune`. */
  readonly name: string;
  /** Beside --help, which all take. */
  readonly flags: Flags;
  /** The names of the words it wants, each once: `REF`, or `[REF]` if it may miss. */
  readonly words: readonly string[];
}

/** The command line of one command, read. */
export interface Arguments {
  readonly words: readonly string[];
  /** The value of an option; the last one counts. */
  text(flag: string): string | undefined;
  isSet(flag: string): boolean;
}

/** @throws SLIPWAY_E_USAGE, with the nearest option where one is unknown */
export function parseArguments(
  args: readonly string[],
  syntax: Syntax,
): Arguments | 'help' {
  const flags: Flags = {
    ...syntax.flags,
    help: { type: 'boolean', short: 'h' },
  };
  const { values, positionals } = parse([...args], flags, syntax);
  if (values.help === true) return 'help';
  const wanted = syntax.words;
  const needed = wanted.filter((word) => !word.startsWith('['));
  const { length } = positionals;
  if (length < needed.length || length > wanted.length) {
    const given = positionals.map((word) => JSON.stringify(word)).join(' ');
    throw usageError(
      wanted.length === 0
        ? `${syntax.name} takes no words, but got ${given}.`
        : `${syntax.name} takes ${wanted.join(' ')}, but got ${given || 'none'}.`,
      `See ${syntax.name} --help.`,
    );
  }
  return {
    words: positionals,
    text(flag) {
      const value = values[flag];
      return typeof value === 'string' ? value : undefined;
    },
    isSet: (flag) => values[flag] === true,
  };
}

function parse(args: string[], options: Flags, syntax: Syntax) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
      throw unknownOption(args, options, syntax);
    }
    if (!code?.startsWith('ERR_PARSE_ARGS_')) throw error;
    throw usageError(
      message.replace(/\s+/g, ' '),
      `See ${syntax.name} --help.`,
    );
  }
}

function unknownOption(args: string[], options: Flags, { name }: Syntax) {
  const { tokens } = parseArgs({ args, options, strict: false, tokens: true });
  const unknown = tokens.find(
    (token) => token.kind === 'option' && !Object.hasOwn(options, token.name),
  );
  const [raw, word] =
    unknown?.kind === 'option'
      ? [unknown.rawName, unknown.name]
      : ['that option', ''];
  const near = nearest(word, Object.keys(options));
  return usageError(
    `${name} has no option ${raw}.`,
    near === undefined ? `See ${name} --help.` : `Did you mean --${near}?`,
  );
}
