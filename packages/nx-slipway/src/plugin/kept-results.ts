import { join } from 'node:path';
import { lookAgain, readKept, writeKept, type Look } from '../disk';
import type { Results } from './infer';
import { workspaceDataFolder } from './nx-internals';

interface Kept {
  readonly key: string;
  readonly looks: readonly Look[];
  readonly results: Results;
}

const FILE = 'nx-slipway-graph.json';

/** More looks at contents than these take longer than to note the new stamps. */
const FEW = 50;

/** @returns undefined if there are none, or they would not be the same now */
export function stillKept(key: string): Results | undefined {
  const file = keptFile();
  const kept = file === undefined ? undefined : readKept(file);
  try {
    return isKept(kept) && kept.key === key ? stillSo(kept) : undefined;
  } catch {
    // Who has written it did not know how.
    return undefined;
  }
}

function stillSo(kept: Kept): Results | undefined {
  const looks: Look[] = [];
  let again = 0;
  for (const look of kept.looks) {
    const now = lookAgain(look);
    if (!now) return undefined;
    if (now !== look) again++;
    looks.push(now);
  }
  if (again > FEW) keep(kept.key, looks, kept.results);
  return kept.results;
}

export function keep(
  key: string,
  looks: readonly Look[],
  results: Results,
): void {
  const file = keptFile();
  if (file) writeKept(file, { key, looks, results } satisfies Kept);
}

function isKept(value: unknown): value is Kept {
  const { looks, results } = Object(value) as Partial<Kept>;
  return Array.isArray(looks) && Array.isArray(results);
}

function keptFile(): string | undefined {
  const folder = workspaceDataFolder();
  return folder && join(folder, FILE);
}
