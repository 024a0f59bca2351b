import type { FieldChange } from '../types';
import { isFields } from './elements';

type Json = unknown;

/** What the server keeps, and no user has written. */
const HIDDEN_METADATA = [
  'managedFields',
  'resourceVersion',
  'generation',
  'uid',
  'creationTimestamp',
  'selfLink',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
];
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** What lists of objects are keyed by, where they are, the first that is there. */
const KEYS = [
  'name',
  'containerPort',
  'port',
  'mountPath',
  'devicePath',
  'key',
  'type',
  'ip',
];
const MAX_CHANGES = 20;

export interface Diff {
  readonly diff: readonly FieldChange[];
  /** How many more there are. */
  readonly moreChanges: number;
}

interface Difference {
  readonly path: string;
  readonly from: Json;
  readonly to: Json;
}

/**
 * What a user would see changed between two states of an object: neither its
 * status nor what the server counts. The values of Secrets are left out.
 */
export function diffOf(before: Json, after: Json): Diff {
  const isSecret = isFields(after) && after.kind === 'Secret';
  const all = differences('', visible(before), visible(after));
  const shown = all.slice(0, MAX_CHANGES);
  return {
    diff: shown.map(({ path, from, to }) =>
      isSecret && /^(?:data|stringData)\b/.test(path)
        ? { path }
        : { path, from: inOneLine(from), to: inOneLine(to) },
    ),
    moreChanges: all.length - shown.length,
  };
}

function visible(object: Json): Json {
  if (!isFields(object)) return object;
  const { status: _, apiVersion: __, ...rest } = object;
  const metadata = Object.entries(isFields(rest.metadata) ? rest.metadata : {});
  return {
    ...rest,
    metadata: Object.fromEntries(
      metadata
        .filter(([name]) => !HIDDEN_METADATA.includes(name))
        .map(([name, value]) => [name, withoutNoise(name, value)]),
    ),
  };
}

/** That the annotation goes is of no interest, and its text is the object. */
function withoutNoise(name: string, value: Json): Json {
  if (name !== 'annotations' || !isFields(value)) return value;
  const { [LAST_APPLIED]: _, ...rest } = value;
  return Object.keys(rest).length > 0 ? rest : undefined;
}

function differences(path: string, from: Json, to: Json): Difference[] {
  if (isFields(from) && isFields(to)) {
    return fieldDifferences(from, to, (name) => joined(path, name));
  }
  if (Array.isArray(from) && Array.isArray(to)) {
    const [a, b] = [byKey(from), byKey(to)];
    if (a && b) return fieldDifferences(a, b, (key) => `${path}[${key}]`);
  }
  if (JSON.stringify(from) === JSON.stringify(to)) return [];
  // A tree that is new or gone is told by its parts, as far as it has any.
  const parts = isFields(from ?? to) ? ((from ?? to) as object) : {};
  if (from === undefined && Object.keys(parts).length > 0) {
    return differences(path, {}, to);
  }
  if (to === undefined && Object.keys(parts).length > 0) {
    return differences(path, from, {});
  }
  return [{ path, from, to }];
}

function fieldDifferences(
  from: Readonly<Record<string, Json>>,
  to: Readonly<Record<string, Json>>,
  pathOf: (name: string) => string,
): Difference[] {
  const names = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...names].flatMap((name) =>
    differences(pathOf(name), from[name], to[name]),
  );
}

/** @returns undefined where the items have no key that tells them apart */
function byKey(list: readonly Json[]): Record<string, Json> | undefined {
  for (const key of KEYS) {
    const entries = list.map(
      (item) => [isFields(item) ? item[key] : undefined, item] as const,
    );
    const keys = entries.map(([value]) => value);
    const isKeyed = keys.every((value) =>
      ['string', 'number'].includes(typeof value),
    );
    if (isKeyed && new Set(keys).size === keys.length) {
      return Object.fromEntries(entries as [string, Json][]);
    }
  }
  return undefined;
}

/** Keys with dots, as labels have, stand in brackets. */
function joined(path: string, name: string): string {
  if (!/^[\w-]+$/.test(name)) return `${path}["${name}"]`;
  return path === '' ? name : `${path}.${name}`;
}

function inOneLine(value: Json): string | undefined {
  if (value === undefined) return undefined;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replace(/[\p{Cc}\s]+/gu, ' ');
}
