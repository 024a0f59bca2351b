import { isObject } from '../locate';
import { asList } from './as-written';
import type { DeclaredProject } from './declared';
import type { NxJson } from './nx-json';

/** A named input of a project, followed to its end. */
export interface OwnInput {
  /** Filesets of the project, with their tokens. */
  readonly filesets: readonly string[];
  /** Those that start with `!`, without it. */
  readonly except: readonly string[];
  /** `env`, `runtime` and such: as they stand. */
  readonly others: readonly unknown[];
  /** Whether it holds files of other projects. */
  readonly hasDependencies: boolean;
  readonly isDefined: boolean;
}

const FILESET = /^!?\{(?:workspaceRoot|projectRoot)\}/;
const DEFAULT_INPUTS = ['{projectRoot}/**/*'];

export function ownInput(
  name: string,
  project: DeclaredProject,
  { namedInputs }: NxJson,
): OwnInput {
  const found = {
    filesets: [] as string[],
    except: [] as string[],
    others: [] as unknown[],
    hasDependencies: false,
    isDefined: true,
  };
  const seen = new Set<string>();
  const visit = (entry: unknown): void => {
    const text = textOf(entry);
    if (text === undefined) {
      found.others.push(entry);
      // Of projects that it names.
      found.hasDependencies ||= isObject(entry) && entry.input !== undefined;
    } else if (FILESET.test(text)) {
      if (text.startsWith('!')) found.except.push(text.slice(1));
      else found.filesets.push(text);
    } else if (text.startsWith('^')) {
      found.others.push(entry);
      found.hasDependencies = true;
    } else if (!seen.has(text)) {
      seen.add(text);
      const inner =
        asList(project.namedInputs[text]) ??
        asList(namedInputs[text]) ??
        (text === 'default' ? DEFAULT_INPUTS : undefined);
      if (inner) inner.forEach(visit);
      else found.isDefined = false;
    }
  };
  visit(name);
  return found;
}

/** A fileset or a name; of other projects' inputs, and of all else, undefined. */
function textOf(entry: unknown): string | undefined {
  if (typeof entry === 'string') return entry;
  if (!isObject(entry)) return undefined;
  const { fileset, input, dependencies, projects } = entry;
  if (typeof fileset === 'string') return fileset;
  if (typeof input !== 'string' || projects !== undefined) return undefined;
  return dependencies ? `^${input}` : input;
}
