import { posix } from 'node:path';
import { type Bare, dict, list, path, string } from './build-values';
import { plainText } from './format-text';
import { normalPath } from './paths';
import type { Arguments, Value } from './types';

export interface Where {
  readonly file: string;
  readonly dir: string;
  /** The folder of the Tiltfile that was started with. */
  readonly mainDir: string;
  readonly mainFile: string;
}
type Known = (given: Arguments, where: Where) => Bare | undefined;

/** Functions whose answer is in their arguments; others give call values. */
const FUNCTIONS: Record<string, Known> = {
  'os.getcwd': (_, { dir }) => path(dir),
  'os.path.join': ({ args }) => joined(args),
  'os.path.abspath': ({ args: [at] }, { dir }) => absolute(at, dir),
  'os.path.realpath': ({ args: [at] }, { dir }) => absolute(at, dir),
  'os.path.normpath': ({ args: [at] }) =>
    pathLike(at, (text) => posix.normalize(text)),
  'os.path.dirname': ({ args: [at] }) => pathLike(at, parent),
  'os.path.basename': ({ args: [at] }) => {
    const text = at && pathText(at);
    return text ? string(posix.basename(text)) : undefined;
  },
  'shlex.quote': ({ args: [text] }) =>
    text?.kind === 'string' ? string(quoted(text.value)) : undefined,
  str: ({ args: [value] }) => {
    const text = value && plainText(value);
    return text === undefined ? undefined : string(text);
  },
  int: ({ args: [value, base] }) => (base ? undefined : whole(value)),
  list: ({ args: [items] }) => listed(items),
  tuple: ({ args: [items] }) => listed(items),
  sorted: ({ args: [items], named }) =>
    items?.kind === 'list' && named.size === 0
      ? sorted(items.items)
      : undefined,
  dict: ({ args: [from], named }) => dictOf(from, named),
};

/** Whether a function only gives a value, and that of its arguments alone. */
export function isKnown(name: string): boolean {
  return Object.hasOwn(FUNCTIONS, name);
}

/** What a function gives, or `undefined` where only a run tells. */
export function callKnown(
  name: string,
  given: Arguments,
  where: Where,
): Bare | undefined {
  return isKnown(name) ? FUNCTIONS[name]?.(given, where) : undefined;
}

const CONSTANTS = new Set(['TRIGGER_MODE_AUTO', 'TRIGGER_MODE_MANUAL']);

/** What a name of Tilt's own stands for. */
export function knownName(name: string, where: Where): Bare | undefined {
  if (name === 'config.main_dir') return path(where.mainDir);
  if (name === 'config.main_path') return path(where.mainFile);
  if (CONSTANTS.has(name)) return string(name);
  return name === '__file__' ? path(where.file) : undefined;
}

function quoted(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", `'"'"'`)}'`;
}

function pathText(at: Value): string | undefined {
  if (at.kind === 'path') return at.path;
  return at.kind === 'string' ? at.value : undefined;
}

function pathLike(
  at: Value | undefined,
  change: (text: string) => string,
): Bare | undefined {
  if (at?.kind === 'path') return path(normalPath(change(at.path)));
  return at?.kind === 'string' ? string(change(at.value)) : undefined;
}

/** Unlike that of Node, this knows the folder of `a` as ''. */
function parent(text: string): string {
  const folder = posix.dirname(text);
  return folder === '.' && !text.startsWith('.') ? '' : folder;
}

function absolute(at: Value | undefined, dir: string): Bare | undefined {
  if (at?.kind === 'path') return path(normalPath(at.path));
  if (at?.kind !== 'string') return undefined;
  return posix.isAbsolute(at.value)
    ? string(posix.normalize(at.value))
    : path(normalPath(posix.join(dir, at.value)));
}

/** From the last absolute part on, as Python does. */
function joined(parts: readonly Value[]): Bare | undefined {
  let isPath = false;
  let text = '';
  for (const part of parts) {
    const next = pathText(part);
    if (next === undefined) return undefined;
    const isAbsolute = part.kind === 'path' || posix.isAbsolute(next);
    if (isAbsolute) {
      isPath = part.kind === 'path';
      text = next;
    } else {
      const isOpen = isPath || text !== '';
      text = isOpen && !text.endsWith('/') ? `${text}/${next}` : text + next;
    }
  }
  return isPath ? path(normalPath(text)) : string(text);
}

function whole(value: Value | undefined): Bare | undefined {
  if (value?.kind === 'number') {
    return { kind: 'number', value: Math.trunc(value.value) };
  }
  return value?.kind === 'string' && /^[+-]?\d+$/.test(value.value)
    ? { kind: 'number', value: Number(value.value) }
    : undefined;
}

function listed(items: Value | undefined): Bare | undefined {
  if (!items) return list([]);
  return items.kind === 'list' ? list(items.items) : undefined;
}

function sorted(items: readonly Value[]): Bare | undefined {
  const texts = items.map((item) => item.kind === 'string' && item.value);
  if (texts.includes(false)) return undefined;
  const order = (value: Value) => (value.kind === 'string' ? value.value : '');
  return list(
    [...items].sort((a, b) =>
      order(a) < order(b) ? -1 : Number(order(a) > order(b)),
    ),
  );
}

function dictOf(
  from: Value | undefined,
  named: Arguments['named'],
): Bare | undefined {
  if (named.has('**') || (from && from.kind !== 'dict')) return undefined;
  const entries = [...named].map(([name, value]) => {
    const key = { kind: 'string', value: name, place: value.place, text: name };
    return { key: key as Value, value };
  });
  return dict([...(from?.entries ?? []), ...entries]);
}
