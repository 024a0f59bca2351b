import { changedInFunctions, countChanges } from './changed-names';
import type { Found, Session } from './reading';
import { emptyScope, type Scope } from './scope';
import { note, openSource, type Source } from './source-text';
import { readBlock } from './statements';
import { DEEP, everyNode, type Syntax, syntaxOf, WRONG } from './syntax';
import type { Note, Within } from './types';

export interface ReadFile {
  /** Not in order, and more may come of functions that are read later. */
  readonly found: readonly Found[];
  readonly scope: Scope;
}

/** One Tiltfile, and where it says so those that it includes. */
export function readFile(
  file: string,
  session: Session,
  within: readonly Within[],
): ReadFile | { readonly why: string } {
  const opened = openSource(file, session.files);
  if ('why' in opened) return opened;
  const { source } = opened;
  const scope = emptyScope();
  session.read.set(file, 'open');
  const tree = syntaxOf(source.text);
  session.notes.push(...wrongIn(tree, source));
  const found: Found[] = [];
  readBlock(tree, {
    session,
    source,
    scope,
    within,
    changes: countChanges(tree, source),
    changedInside: changedInFunctions(tree, source),
    found: (from, what) => found.push({ from, what }),
  });
  session.read.set(file, scope);
  return { scope, found };
}

const MOST_WRONG = 20;
const KINDS: Record<string, [Note['kind'], string]> = {
  [WRONG]: ['syntax', 'it is no Starlark, and Tilt reads nothing of the file'],
  FormatString: ['syntax', 'Starlark has no f-strings'],
  [DEEP]: ['limit', 'it is nested too deep'],
};

/** The first wrong thing of each line. */
function wrongIn(tree: Syntax, source: Source): Note[] {
  const notes = new Map<number, Note>();
  for (const node of everyNode(tree)) {
    const [kind, why] = KINDS[node.name] ?? [];
    if (!kind || !why || notes.has(node.line)) continue;
    if (notes.size >= MOST_WRONG) break;
    notes.set(node.line, note(kind, why, node, source));
  }
  return [...notes.values()];
}
