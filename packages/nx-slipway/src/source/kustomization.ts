import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { isObject, readDocuments, type JsonValue } from '../manifest';
import { SlipwayError } from '../report';

const NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** Fields that name other kustomizations. */
const BASES = ['resources', 'bases', 'components'] as const;

export const isKustomization = (file: string) => NAMES.includes(basename(file));

/**
 * What the kustomization in a folder names in its lists of resources and
 * components, absolute; nothing if there is none.
 */
export async function basesOf(folder: string): Promise<string[]> {
  for (const name of NAMES) {
    const file = join(folder, name);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    return valuesIn(file, text)
      .filter((value) => isObject(value))
      .flatMap((value) => BASES.flatMap((field) => value[field] ?? []))
      .filter((base) => typeof base === 'string')
      .map((base) => resolve(folder, base));
  }
  return [];
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
