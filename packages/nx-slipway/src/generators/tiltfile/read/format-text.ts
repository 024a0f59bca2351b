import { type Bare, computed, string, unread, LONGEST } from './build-values';
import { below, OWN_FOLDER } from './paths';
import type { Arguments, Value } from './types';

/** A value as text where `str()` of it needs no run. */
export function plainText(value: Value): string | undefined {
  if (value.kind === 'string') return value.value;
  if (value.kind === 'number') return String(value.value);
  if (value.kind === 'bool') return value.value ? 'True' : 'False';
  return value.kind === 'none' ? 'None' : undefined;
}

const PERCENT = /%(?:\(([^)]*)\))?([^])|%$/g;

/** `'%s:%d' % (a, b)`. */
export function formatPercent(form: string, given: Value): Bare {
  const isMany = given.kind === 'list';
  const rest = isMany ? [...given.items] : [given];
  return filled(form, PERCENT, ([, key, letter]) => {
    if (letter === '%') return '%';
    if (!letter || !'sd'.includes(letter)) return undefined;
    return key === undefined ? rest.shift() : itemNamed(given, key);
  });
}

function itemNamed(dict: Value, name: string): Value | undefined {
  if (dict.kind !== 'dict') return undefined;
  return dict.entries.find(
    ({ key }) => key.kind === 'string' && key.value === name,
  )?.value;
}

const BRACES = /\{\{|\}\}|\{(\w*)([^}]*)\}/g;

/** `'{}:{tag}'.format(a, tag=b)`. */
export function formatBraces(form: string, given: Arguments): Bare {
  let next = 0;
  return filled(form, BRACES, ([whole, field, spec]) => {
    if (whole === '{{' || whole === '}}') return whole.slice(1);
    if (spec || field === undefined) return undefined;
    if (field === '') return given.args[next++];
    return /^\d+$/.test(field)
      ? given.args[Number(field)]
      : given.named.get(field);
  });
}

/** A text whose places are taken by what is given, if that is all known. */
function filled(
  form: string,
  places: RegExp,
  find: (place: RegExpMatchArray) => Value | string | undefined,
): Bare {
  let text = '';
  let end = 0;
  let folder: Value | undefined;
  for (const place of form.matchAll(places)) {
    const found = find(place);
    if (found === undefined) {
      return computed(`${place[0]} in it has no plain text to take its place`);
    }
    const isStart = place.index === 0 && typeof found !== 'string';
    if (isStart && found.kind === 'path') folder = found;
    const plain = typeof found === 'string' ? found : plainText(found);
    if (plain === undefined && folder !== found) return unplain(found as Value);
    text += form.slice(end, place.index) + (plain ?? '');
    end = (place.index ?? 0) + place[0].length;
    if (text.length > LONGEST) break;
  }
  const whole = text + form.slice(end);
  return folder?.kind === 'path' ? below(folder.path, whole) : string(whole);
}

function unplain(value: Value): Bare {
  return unread(value, value.kind === 'path' ? OWN_FOLDER : NO_TEXT);
}
const NO_TEXT = 'it holds what is no plain text';
