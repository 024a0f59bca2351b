import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { readDocuments, type JsonValue } from '../manifest';
import { SlipwayError } from '../report';

const NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** Fields that name other kustomizations. */
const BASES = ['resources', 'bases', 'components'] as const;
/** Fields that name files whose own texts name files again. */
const PLUGINS = ['generators', 'transformers', 'validators'] as const;

export const isKustomization = (file: string) => NAMES.includes(basename(file));

/** What a kustomization says of other files. */
export interface Kustomization {
  /** Absolute: what its lists of resources and components name. */
  readonly bases: readonly string[];
  /** Absolute: whatever in it could be a path, many of which are none. */
  readonly mentioned: readonly string[];
  /** Absolute: files that are looked through for paths, too. */
  readonly plugins: readonly string[];
}

/** @returns undefined if there is none in that folder */
export async function kustomizationIn(
  folder: string,
): Promise<Kustomization | undefined> {
  for (const name of NAMES) {
    const file = join(folder, name);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const values = valuesIn(file, text);
    const named = (fields: readonly string[]) =>
      values
        .filter((value) => isMap(value))
        .flatMap((value) => fields.map((field) => value[field] ?? null))
        .flatMap((value) => pathsIn(value, folder));
    return {
      bases: named(BASES),
      mentioned: values.flatMap((value) => pathsIn(value, folder)),
      plugins: named(PLUGINS),
    };
  }
  return undefined;
}

/** All that could be a path in a file of YAML: none if it is no such file. */
export async function pathsInFile(
  file: string,
  folder: string,
): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return valuesIn(file, text).flatMap((value) => pathsIn(value, folder));
}

/** What is no YAML names nothing; kustomize says so itself, and better. */
function valuesIn(origin: string, text: string): JsonValue[] {
  try {
    return readDocuments({ origin, text }).map(({ value }) => value);
  } catch (error) {
    if (error instanceof SlipwayError) return [];
    throw error;
  }
}

/** Texts of several lines, URLs, and what kustomize takes from no disk. */
const NO_PATH = /[\n\0]|:\/\/|^\//;

function pathsIn(value: JsonValue, folder: string): string[] {
  if (typeof value === 'string') {
    // Generators give files other names: `name=path`.
    const path = value.slice(value.indexOf('=') + 1);
    return NO_PATH.test(path) ? [] : [resolve(folder, path)];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((inner: JsonValue) =>
    pathsIn(inner, folder),
  );
}

function isMap(value: JsonValue): value is Record<string, JsonValue> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
