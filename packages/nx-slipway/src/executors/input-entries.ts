import type { ExecutorContext } from '@nx/devkit';

export type InputContext = Pick<
  ExecutorContext,
  'root' | 'projectGraph' | 'projectsConfigurations' | 'nxJsonConfiguration'
>;

/** An entry of `inputs` that names no other input. */
export interface InputEntry {
  readonly entry: unknown;
  /** The project that it is of. */
  readonly owner: string;
}

/** What comes of names that nobody knows. Both may throw. */
export interface Strangers {
  /** @returns the entries instead of those of a named input */
  input(name: string, owner: string): readonly unknown[];
  /** @returns the projects instead of one, which may be a pattern or a tag */
  project(name: string): readonly string[];
}

const FILES = /^!?\{(?:workspaceRoot|projectRoot)\}/;
const DEFAULT_INPUTS = ['{projectRoot}/**/*'];

/**
 * What the entries come to in the end, named inputs followed: of the project's
 * own first, then of nx.json; with `^` of all projects that it depends on,
 * however far, as Nx's HashPlanner has it.
 */
export function inputEntries(
  entries: readonly unknown[],
  project: string,
  context: InputContext,
  strangers: Strangers,
): InputEntry[] {
  const found: InputEntry[] = [];
  const seen = new Set<string>();
  const visitName = (name: string, owner: string): void => {
    if (seen.has(`${owner} ${name}`)) return;
    seen.add(`${owner} ${name}`);
    if (name.startsWith('^')) {
      for (const dependency of dependenciesOf(owner, context)) {
        visitName(name.slice(1), dependency);
        visitName(name, dependency);
      }
      return;
    }
    const inputs = definitionOf(name, owner, context);
    visit(inputs ?? strangers.input(name, owner), owner);
  };
  const visit = (list: readonly unknown[], owner: string): void => {
    for (const entry of list) {
      const name = nameOf(entry);
      if (name === undefined) {
        found.push({ entry, owner });
        continue;
      }
      const owners = projectsOf(entry)?.flatMap((other) =>
        isProject(other, context) ? other : strangers.project(other),
      );
      for (const other of owners ?? [owner]) visitName(name, other);
    }
  };
  visit(entries, project);
  return found;
}

function definitionOf(
  name: string,
  owner: string,
  context: InputContext,
): readonly unknown[] | undefined {
  const project = context.projectsConfigurations.projects[owner];
  return (
    project?.namedInputs?.[name] ??
    context.nxJsonConfiguration.namedInputs?.[name] ??
    (name === 'default' ? DEFAULT_INPUTS : undefined)
  );
}

/** @returns undefined if the entry names no other input */
function nameOf(entry: unknown): string | undefined {
  const { fileset, input, dependencies } = fieldsOf(entry);
  if (typeof fileset === 'string') {
    return FILES.test(fileset) ? undefined : fileset;
  }
  if (typeof input !== 'string') return undefined;
  return dependencies ? `^${input}` : input;
}

/** Whose input an entry means: `{ input, projects }` names other projects. */
function projectsOf(entry: unknown): string[] | undefined {
  const { projects } = fieldsOf(entry);
  return projects === undefined ? undefined : ([projects].flat() as string[]);
}

/** A string is a fileset or a name. */
export function fieldsOf(entry: unknown): Readonly<Record<string, unknown>> {
  if (typeof entry === 'string') return { fileset: entry };
  return entry as Record<string, unknown>;
}

function dependenciesOf(project: string, context: InputContext): string[] {
  return (context.projectGraph.dependencies[project] ?? [])
    .map((edge) => edge.target)
    .filter((target) => isProject(target, context));
}

function isProject(name: string, context: InputContext): boolean {
  return Object.hasOwn(context.projectsConfigurations.projects, name);
}
