import { basename, join, resolve } from 'node:path';
import { textOf } from '../disk';
import { isObject, type JsonValue } from '../locate';
import type { ReadValues } from './source';

const NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** Fields that name other kustomizations. */
const BASES = ['resources', 'bases', 'components'] as const;
/** Fields that name files whose own texts name files again. */
const PLUGINS = ['generators', 'transformers', 'validators'] as const;

/** Files that a kustomization may need, absolute. */
export interface Mentions {
  /** Whatever in it could be a path, many of which are none. */
  readonly paths: readonly string[];
  /** Those of them that are looked through for paths, too. */
  readonly plugins: readonly string[];
}

export const isKustomization = (file: string) => NAMES.includes(basename(file));

/**
 * What the kustomization in a folder names in its lists of resources and
 * components, absolute; nothing if there is none.
 */
export function basesOf(folder: string, readValues: ReadValues): string[] {
  return fieldsOf(valuesIn(folder, readValues) ?? [], BASES)
    .flatMap((value) => value)
    .filter((base) => typeof base === 'string')
    .map((base) => resolve(folder, base));
}

/** @returns undefined if there is no kustomization in that folder */
export function mentionsOf(
  folder: string,
  readValues: ReadValues,
): Mentions | undefined {
  const values = valuesIn(folder, readValues);
  return (
    values && {
      paths: pathsIn(values, folder),
      plugins: pathsIn(fieldsOf(values, PLUGINS), folder),
    }
  );
}

/** All that could be a path in a file of YAML: none if it is no such file. */
export function pathsInFile(
  file: string,
  folder: string,
  readValues: ReadValues,
): string[] {
  const text = textIn(file);
  return text === undefined ? [] : pathsIn(readValues(file, text), folder);
}

function valuesIn(
  folder: string,
  readValues: ReadValues,
): readonly JsonValue[] | undefined {
  for (const name of NAMES) {
    const file = join(folder, name);
    const text = textIn(file);
    if (text !== undefined) return readValues(file, text);
  }
  return undefined;
}

function textIn(file: string): string | undefined {
  try {
    return textOf(file);
  } catch {
    return undefined;
  }
}

function fieldsOf(
  values: readonly JsonValue[],
  names: readonly string[],
): JsonValue[] {
  return values
    .filter((value) => isObject(value))
    .flatMap((value) => names.map((name) => value[name] ?? []));
}

/** Texts of several lines, URLs, and what kustomize takes from no disk. */
const NO_PATH = /[\n\0]|:\/\/|^\//;

function pathsIn(values: readonly JsonValue[], folder: string): string[] {
  const paths = new Set<string>();
  // Each once: what YAML aliases stand for may be in it a million times.
  const open = new Set<JsonValue>(values);
  for (const value of open) {
    if (typeof value === 'string') {
      // Generators give files other names: `name=path`.
      const path = value.slice(value.indexOf('=') + 1);
      if (!NO_PATH.test(path)) paths.add(resolve(folder, path));
    } else if (typeof value === 'object' && value !== null) {
      for (const inner of Object.values<JsonValue>(value)) open.add(inner);
    }
  }
  return [...paths];
}
