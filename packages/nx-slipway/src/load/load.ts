import { SlipwayError, assertKnownOptions, nearest } from '../report';
import { RECIPES, recipeNamed } from './recipes';
import { namesIn } from './words';

/** How images get to nodes, parsed from the option `load`. */
export interface Load {
  /** Program and arguments, with variables in them: see `Variables`. */
  readonly argv: readonly string[];
  /** Of the cluster, as kind or k3d names it; else read from the context. */
  readonly cluster?: string;
  /** Socket of containerd. */
  readonly address: string;
}

const OPTIONS = ['command', 'cluster', 'address'];
const CONTAINERD = '/run/containerd/containerd.sock';

/**
 * A recipe's name, a command as a list, or an object of either with what it
 * cannot know: `{ command: "containerd", address: "/run/k3s/containerd/containerd.sock" }`.
 * @param where for messages: which option this is
 * @throws SLIPWAY_E_OPTION_INVALID, SLIPWAY_E_OPTION_UNKNOWN
 */
export function parseLoad(option: unknown, where = 'load'): Load | undefined {
  if (option === undefined) return undefined;
  if (typeof option !== 'object' || option === null || Array.isArray(option)) {
    return { argv: argvOf(option, where), address: CONTAINERD };
  }
  assertKnownOptions(Object.keys(option), OPTIONS, where);
  const { command, cluster, address } = option as Record<string, unknown>;
  const argv = argvOf(command, `command of ${where}`);
  for (const [name, value] of Object.entries({ cluster, address })) {
    if (value === undefined || isText(value)) continue;
    throw invalid(`${name} of ${where} is no text`, 'Write it as a string.');
  }
  return {
    argv,
    address: (address as string | undefined) ?? CONTAINERD,
    ...(cluster !== undefined && { cluster: cluster as string }),
  };
}

function argvOf(command: unknown, where: string): readonly string[] {
  if (typeof command === 'string') return recipe(command, where);
  if (!Array.isArray(command) || !command.every((word) => isString(word))) {
    throw invalid(
      `${where} is neither a recipe nor a list of words`,
      `Write one of ${names()}, or a command like ["kind", "load", "docker-image", "$IMAGE"].`,
    );
  }
  const argv: readonly string[] = command;
  const [program = ''] = argv;
  // Of --load=kind on the command line Nx makes a list, since it may be one.
  const isName = argv.length === 1 && /^[\w-]+$/.test(program);
  if (isName) return recipe(program, where);
  if (!program.trim()) {
    throw invalid(
      `${where} names no program`,
      'Its first word is the program.',
    );
  }
  const used = namesIn(argv);
  if (!used.has('IMAGE') && !used.has('ARCHIVE')) {
    throw invalid(
      `${where} says nothing of the image`,
      'Let $IMAGE stand in it for the ref, or $ARCHIVE for a file that docker save wrote.',
    );
  }
  return argv;
}

function recipe(name: string, where: string): readonly string[] {
  const found = recipeNamed(name);
  if (found) return found;
  const near = nearest(name, Object.keys(RECIPES));
  throw invalid(
    `${where} is "${name}", which is no recipe`,
    `${near ? `Did you mean ${near}? ` : ''}There are ${names()}; a command of your own is a list: it is run without a shell.`,
  );
}

const names = () => Object.keys(RECIPES).join(', ');
const isString = (value: unknown): value is string => typeof value === 'string';
const isText = (value: unknown) => isString(value) && value.trim() !== '';

function invalid(what: string, hint: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `${what}.`,
    hint,
  });
}
