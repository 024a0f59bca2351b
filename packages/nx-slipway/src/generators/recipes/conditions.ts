import { fillText, type Names } from './fill-text';
import type { ProjectFiles } from './project-files';
import type { Condition, TextCondition } from './recipe';

/** How a condition came to hold. */
export interface Match {
  /** The first of its files. */
  readonly file?: string;
  /** Of the first text that matches: `$0`, `$1`... */
  readonly groups: readonly string[];
}

/** @returns undefined where it does not hold */
export function matchOf(
  condition: Condition,
  files: ProjectFiles,
  names: Names,
): Match | undefined {
  const find = (pattern: string) => files.find(fillText(pattern, names));
  const found = condition.files.map(find);
  if (found.includes(undefined)) return undefined;
  if (condition.without.some((pattern) => find(pattern))) return undefined;
  const texts = condition.text.map((text) => textMatch(text, files, names));
  if (texts.includes(undefined)) return undefined;
  return {
    file: found[0],
    groups: texts.find((groups) => groups?.length) ?? [],
  };
}

/** @returns its groups; none for a text that lacks what it shall */
function textMatch(
  { file, matches, lacks }: TextCondition,
  files: ProjectFiles,
  names: Names,
): readonly string[] | undefined {
  const path = files.find(fillText(file, names));
  const text = path && files.read(path);
  if (text === undefined || text === '') return undefined;
  const search = (regex: string) =>
    new RegExp(fillText(regex, quoted(names)), 'm').exec(text);
  if (lacks !== undefined && search(lacks)) return undefined;
  if (matches === undefined) return [];
  const match = search(matches);
  return match ? match.map((group) => group ?? '') : undefined;
}

function quoted(names: Names): Names {
  return Object.fromEntries(
    Object.entries(names).map(([name, value]) => [
      name,
      value.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'),
    ]),
  );
}
