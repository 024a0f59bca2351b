import { posix } from 'node:path';
import type { Value } from '../read';

/**
 * A value of the kind that is wanted, with what of it was not read, or why there
 * is none: clauses.
 */
export type Read<T> =
  | { readonly value: T; readonly less?: readonly string[] }
  | { readonly why: string };
export type Reader<T> = (value: Value) => Read<T>;

const KINDS: Readonly<Record<Value['kind'], string>> = {
  string: 'a text',
  path: 'an absolute path',
  number: 'a number',
  bool: 'True or False',
  none: 'None',
  list: 'a list',
  dict: 'a dictionary',
  call: 'what a call gives',
  computed: 'computed',
};

export const asText: Reader<string> = (value) =>
  value.kind === 'string'
    ? { value: value.value }
    : unread(value, 'no plain text');

export const asFlag: Reader<boolean> = (value) =>
  value.kind === 'bool'
    ? { value: value.value }
    : unread(value, 'neither True nor False');

/** What Tilt takes as one text or as several. */
export const asTexts: Reader<string[]> = (value) =>
  value.kind === 'list' ? each(value.items, asText) : many(asText(value));

/** Several texts, and never one alone. */
export const asTextList: Reader<string[]> = (value) =>
  value.kind === 'list'
    ? each(value.items, asText)
    : unread(value, 'no list of texts');

/** A command: a text for the shell, or a list without one. */
export const asCommand: Reader<string | string[]> = (value) =>
  value.kind === 'list' ? each(value.items, asText) : asText(value);

/** Texts by names; numbers are taken, too, where they are meant as texts. */
export const asTextsByName: Reader<Record<string, string>> = (value) => {
  if (value.kind !== 'dict') return unread(value, 'no dictionary');
  const found: Record<string, string> = {};
  const less: string[] = [];
  for (const { key, value: of } of value.entries) {
    const name = asText(key);
    const text =
      of.kind === 'number' ? { value: String(of.value) } : asText(of);
    if ('why' in name) less.push(`a name ${name.why}`);
    else if ('why' in text) less.push(`${name.value} ${text.why}`);
    else found[name.value] = text.value;
  }
  return { value: found, less };
};

/**
 * A path from the workspace root, whose own path is ''.
 * @param dir the folder that it counts from
 */
export const asPathIn =
  (dir: string): Reader<string> =>
  (value) => {
    if (value.kind === 'path') return within(value.path, value.text);
    const text = asText(value);
    if ('why' in text) return text;
    if (text.value.startsWith('/') || /^[A-Za-z]:[\\/]/.test(text.value)) {
      return { why: `is ${text.value}, which is there on one machine alone` };
    }
    return within(posix.join(dir, text.value), text.value);
  };

export const asPathsIn =
  (dir: string): Reader<string[]> =>
  (value) =>
    value.kind === 'list'
      ? each(value.items, asPathIn(dir))
      : many(asPathIn(dir)(value));

export function each<T>(
  values: readonly Value[],
  reader: Reader<T>,
): Read<T[]> {
  const all: T[] = [];
  for (const value of values) {
    const read = reader(value);
    if ('why' in read) return read;
    all.push(read.value);
  }
  return { value: all };
}

/** Says of a value that it is not what is wanted. */
export function unread(value: Value, wanted: string): { why: string } {
  if (value.kind === 'computed') return { why: `is computed: ${value.why}` };
  if (value.kind === 'call') {
    return { why: `is what ${value.name}(...) gives when it runs` };
  }
  return { why: `is ${KINDS[value.kind]}, ${wanted}` };
}

function many<T>(read: Read<T>): Read<T[]> {
  return 'why' in read ? read : { value: [read.value] };
}

function within(path: string, written: string): Read<string> {
  const normal = posix.normalize(path).replace(/\/$/, '');
  if (normal === '..' || normal.startsWith('../')) {
    return { why: `is ${written}, which lies outside of the workspace` };
  }
  return { value: normal === '.' ? '' : normal };
}
