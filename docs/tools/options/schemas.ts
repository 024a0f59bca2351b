import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../page';
import type { OptionsSchema } from './table';

export type Kind = 'executor' | 'generator';

const PLUGIN = join(REPOSITORY, 'packages/nx-slipway');

type Entries = Readonly<Record<string, { readonly schema: string }>>;

/** Names of all executors, or generators, of the plugin. */
export function namesOf(kind: Kind): string[] {
  return Object.keys(entries(kind));
}

/** @returns undefined where the plugin has none that is called so */
export function schemaOf(kind: Kind, name: string): OptionsSchema | undefined {
  const file = entries(kind)[name]?.schema;
  return file === undefined ? undefined : (read(file) as OptionsSchema);
}

/**
 * @param name as a page has it: `serve`, `executor serve`, `generator init`;
 *   alone it is that of an executor, if there is one
 * @throws an error that names what there is
 */
export function schemaNamed(name: string): OptionsSchema {
  const [, kind, bare = ''] =
    /^(?:(executor|generator) )?(\S+)$/.exec(name) ?? [];
  const kinds: Kind[] = kind ? [kind as Kind] : ['executor', 'generator'];
  for (const one of kinds) {
    const schema = schemaOf(one, bare);
    if (schema) return schema;
  }
  const known = kinds.flatMap(namesOf).join(', ');
  throw new Error(`There is no ${kind ?? 'schema'} ${name}, but: ${known}.`);
}

function entries(kind: Kind): Entries {
  const field = `${kind}s`;
  return (read(`${field}.json`) as Record<string, Entries>)[field] ?? {};
}

const read = (file: string): unknown =>
  JSON.parse(readFileSync(join(PLUGIN, file), 'utf8'));
