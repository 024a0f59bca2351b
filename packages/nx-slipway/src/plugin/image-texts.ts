import { loadAll, YAMLException } from 'js-yaml';
import {
  findImages,
  isObject,
  type JsonObject,
  type JsonValue,
  type Locator,
  type ManifestObject,
  type NestedTexts,
} from '../locate';
import type * as Manifest from '../manifest';
import { SlipwayError } from '../report';

/** A text in a manifest where an image can stand. */
export interface ImageText {
  readonly text: string;
  /** A value of an environment variable. */
  readonly isEnv: boolean;
}

/**
 * The images that stand in the manifests of a text: strings alone, each once.
 * What is wrong with a manifest is told by the target that deploys it.
 * @returns undefined if it cannot be read
 */
export function imageTexts(
  text: string,
  locators: readonly Locator[],
): ImageText[] | undefined {
  const found = new Map<string, ImageText>();
  try {
    const values = valuesOf(text);
    if (!values) return undefined;
    for (const object of values.flatMap((value) => objectsIn(value))) {
      for (const one of findImages(object, locators, NESTED)) {
        found.set(JSON.stringify([one.text, one.isEnv]), one);
      }
    }
  } catch (error) {
    // A locator that leads to something else; nesting that no stack holds.
    const isTold = error instanceof SlipwayError || error instanceof RangeError;
    if (isTold) return undefined;
    throw error;
  }
  return [...found.values()].map(({ text: image, isEnv }) => ({
    text: image,
    isEnv,
  }));
}

/** The longest text that is read; more is nobody's manifest. */
const MAX_TEXT = 16 * 1024 * 1024;
/**
 * Brackets in brackets, or columns that a line is indented by. At 500 of each
 * the slow parser is at the end of its stack; no manifest has a tenth.
 */
const MAX_DEPTH = 200;
/** Aliases may stand for more than any memory holds, so they get no fast parser. */
const ALIAS = /(?:^|[\s[{,:-])\*[^\s*]/m;

/**
 * The documents of a text of YAML, by a parser that is ten times as fast as the
 * one that edits, and good enough for names of images (design, section 4).
 * @returns undefined if it is none
 */
export function valuesOf(text: string): JsonValue[] | undefined {
  if (text.length > MAX_TEXT || isTooDeep(text)) return undefined;
  if (ALIAS.test(text) && text.includes('&')) return exactValues(text);
  try {
    return loadAll(text, undefined, { json: true }) as JsonValue[];
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    // kubectl reads what YAML does not allow: `{}{}`, tabs.
    return exactValues(text);
  }
}

/**
 * Whether a stack may not hold what a parser makes of a text. V8 ends the whole
 * process if that is seen while it compiles a regular expression, so it must
 * not come to it. Rather too many: texts and comments count.
 */
function isTooDeep(text: string): boolean {
  let brackets = 0;
  let blanks = 0;
  for (const character of text) {
    switch (character) {
      case '[':
      case '{':
        brackets++;
        blanks = 0;
        break;
      case ']':
      case '}':
        brackets = Math.max(brackets - 1, 0);
        blanks = 0;
        break;
      case ' ':
      case '\t':
        blanks++;
        break;
      case '-':
      case '?':
      case ':':
        // `- - x` is as deep as two lines that are indented.
        break;
      default:
        blanks = 0;
    }
    if (brackets > MAX_DEPTH || blanks > MAX_DEPTH) return true;
  }
  return false;
}

function exactValues(text: string): JsonValue[] | undefined {
  // Loading it takes longer than a graph of a hundred projects.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
  const { valuesIn } = require('../manifest') as typeof Manifest;
  const values = valuesIn('', text);
  return values.length > 0 ? values : undefined;
}

const NESTED: NestedTexts = {
  open: (text) =>
    (valuesOf(text) ?? []).map((value, number) => ({ number, value })),
  edit: (text) => text,
};

/** Of a List, its items. */
function objectsIn(value: JsonValue): ManifestObject[] {
  if (!isObject(value)) return [];
  const { items, kind } = value;
  if (
    typeof kind === 'string' &&
    kind.endsWith('List') &&
    Array.isArray(items)
  ) {
    return (items as JsonValue[]).flatMap(objectsIn);
  }
  return [asObject(value)];
}

/** With all that locators look at, be it there or not. */
function asObject(value: JsonObject): ManifestObject {
  const { apiVersion, kind, metadata } = value;
  const object = {
    ...value,
    apiVersion: typeof apiVersion === 'string' ? apiVersion : '',
    kind: typeof kind === 'string' ? kind : '',
    metadata: { name: '', ...(isObject(metadata) ? metadata : {}) },
  };
  const nowhere = { origin: '', line: 1, column: 1, text: 0, document: 0 };
  return { object, ...nowhere, path: [] };
}
