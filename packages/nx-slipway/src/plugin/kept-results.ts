import { join } from 'node:path';
import { lookAgain, readKept, writeKept, type Look } from '../disk';
import type { Results } from './infer';
import { workspaceDataFolder } from './nx-internals';

/**
 * In lines, so that few of them are in memory at once: the key, each look, and
 * JSON of the results.
 */
const FILE = 'nx-slipway-graph.jsonl';

interface LastLine {
  readonly results: Results;
}

/** Of the looks: to read more than these again takes longer than to note stamps. */
const FEW = 0.05;

/** @returns undefined if there are none, or they would not be the same now */
export function stillKept(key: string): Results | undefined {
  const file = keptFile();
  const bytes = file === undefined ? undefined : readKept(file);
  try {
    return bytes && stillIn(bytes, key);
  } catch {
    // Torn, or of who does not know how it is written.
    return undefined;
  }
}

/**
 * @param key all that the results are made of beside what was looked at, in a line
 */
export function keep(
  key: string,
  looks: Iterable<Look>,
  results: Results,
): void {
  const file = keptFile();
  if (file === undefined) return;
  const last = JSON.stringify({ results } satisfies LastLine);
  writeKept(file, [key, ...looks, last].join('\n'));
}

function stillIn(bytes: Buffer, key: string): Results | undefined {
  const end = bytes.lastIndexOf('\n');
  const lines = linesIn(bytes.subarray(0, end));
  if (lines.next().value !== key) return undefined;
  let all = 0;
  let again = 0;
  for (const look of lines) {
    const now = lookAgain(look);
    if (now === undefined) return undefined;
    all++;
    if (now !== look) again++;
  }
  const last: unknown = JSON.parse(bytes.toString('utf8', end + 1));
  const { results } = last as Partial<LastLine>;
  if (!Array.isArray(results)) return undefined;
  if (again > all * FEW) {
    const [, ...looks] = linesIn(bytes.subarray(0, end));
    // One that has changed since stays as it was, and is wrong next time.
    const anew = looks.map((look) => lookAgain(look) ?? look);
    keep(key, anew, results);
  }
  return results;
}

function* linesIn(bytes: Buffer): Generator<string, undefined> {
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf('\n', start);
    const end = found === -1 ? bytes.length : found;
    yield bytes.toString('utf8', start, end);
    start = end + 1;
  }
}

function keptFile(): string | undefined {
  const folder = workspaceDataFolder();
  return folder && join(folder, FILE);
}
