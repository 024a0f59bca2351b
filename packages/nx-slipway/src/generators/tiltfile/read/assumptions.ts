import { posix } from 'node:path';
import { type Bare, bool, dict, list, NONE, string } from './build-values';
import { fileOf } from './paths';
import { type Reading, tell } from './reading';
import { NO_FILE, openSource, originOf, written } from './source-text';
import type { Syntax } from './syntax';
import type { Arguments, Value } from './types';

/**
 * What `tilt up` alone would find on Linux and macOS, in the workspace as it
 * is: most conditions in a Tiltfile are of these. A note says so once for
 * each place, and the branches that are not taken are told of all the same.
 */
export function assumedCall(
  name: string,
  given: Arguments,
  node: Syntax,
  reading: Reading,
): Bare | undefined {
  if (name === 'config.parse') {
    const file = posix.join(reading.session.mainDir, 'tilt_config.json');
    return read(file, EMPTY, node, reading, ' and no arguments');
  }
  const file = fileOf(given.args[0], reading.source.dir);
  if (typeof file === 'object') return undefined;
  switch (name) {
    case 'os.path.exists':
      return exists(file, node, reading);
    case 'read_json':
      return read(file, defaultOf(given), node, reading, '');
    case 'read_yaml':
      return isMissing(file, reading)
        ? read(file, defaultOf(given), node, reading, '')
        : undefined;
    default:
      return undefined;
  }
}

const EMPTY = dict([]);

function defaultOf({ args, named }: Arguments): Value | undefined {
  return named.get('default') ?? args[1];
}

function exists(file: string, node: Syntax, reading: Reading) {
  const is = reading.session.files.exists?.(file);
  if (is === undefined) return undefined;
  assume(is ? `with ${file}` : `with no ${file}`, node, reading);
  return bool(is);
}

function isMissing(file: string, { session }: Reading): boolean {
  const opened = openSource(file, session.files);
  return 'why' in opened && opened.why === NO_FILE;
}

function read(
  file: string,
  otherwise: Bare | undefined,
  node: Syntax,
  reading: Reading,
  more: string,
): Bare | undefined {
  if (isMissing(file, reading)) {
    if (otherwise) assume(`with no ${file}${more}`, node, reading);
    return otherwise;
  }
  const opened = openSource(file, reading.session.files);
  if ('why' in opened) return undefined;
  const value = parsed(opened.source.text, node, reading);
  if (value) assume(`with ${file} as it is now${more}`, node, reading);
  return value;
}

/** `os.name`, as the commands that are moved are those of Unix. */
export function assumedName(
  name: string,
  node: Syntax,
  reading: Reading,
): Bare | undefined {
  if (name !== 'os.name') return undefined;
  assume("on Linux and macOS, where os.name is 'posix'", node, reading);
  return string('posix');
}

function assume(what: string, node: Syntax, reading: Reading): void {
  const { told } = reading.session;
  const place = originOf(node, reading.source);
  if (told.has(place)) return;
  told.add(place);
  tell('assumed', `read as it is ${what}`, node, reading);
}

function parsed(
  text: string,
  node: Syntax,
  reading: Reading,
): Bare | undefined {
  const at = written(node, reading.source);
  try {
    return JSON.parse(text, (_, json: unknown) => ({
      ...bareOf(json),
      ...at,
    })) as Value;
  } catch {
    return undefined;
  }

  /** What is inside is a value already: JSON is revived from within. */
  function bareOf(json: unknown): Bare {
    if (Array.isArray(json)) return list(json as Value[]);
    if (typeof json === 'string') return string(json);
    if (typeof json === 'number') return { kind: 'number', value: json };
    if (typeof json === 'boolean') return { kind: 'bool', value: json };
    if (json === null || typeof json !== 'object') return NONE;
    const entries = Object.entries(json).map(([key, value]) => {
      const name = { kind: 'string', value: key, ...at } as const;
      return { key: name, value: value as Value };
    });
    return dict(entries);
  }
}
