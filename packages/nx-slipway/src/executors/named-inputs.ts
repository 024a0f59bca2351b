import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { SlipwayError } from '../report';

/** Globs, absolute. */
export interface Fileset {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

type Context = Pick<
  ExecutorContext,
  'root' | 'projectGraph' | 'projectsConfigurations' | 'nxJsonConfiguration'
>;

const DEFAULT_INPUTS = { default: ['{projectRoot}/**/*'] };

/**
 * The files of a named input: `production` of the project itself,
 * `^production` of the projects that it depends on, however far. What is not
 * a file (env, runtime, external dependencies) is left to Nx's own hash.
 * @throws SLIPWAY_E_OPTION_INVALID if no such input is defined
 */
export function filesetsOf(
  input: string,
  project: string,
  context: Context,
): Fileset {
  const include: string[] = [];
  const exclude: string[] = [];
  const seen = new Set<string>();
  const visit = (name: string, owner: string): void => {
    if (seen.has(`${owner} ${name}`)) return;
    seen.add(`${owner} ${name}`);
    if (name.startsWith('^')) {
      for (const dependency of dependenciesOf(owner, context)) {
        visit(name.slice(1), dependency);
        visit(name, dependency);
      }
      return;
    }
    for (const entry of definition(name, owner, context)) {
      const text = textOf(entry);
      if (text === undefined) continue;
      const glob = globOf(text, owner, context);
      if (glob !== undefined) {
        (text.startsWith('!') ? exclude : include).push(glob);
        continue;
      }
      for (const other of ownersOf(entry, owner, context)) visit(text, other);
    }
  };
  visit(input, project);
  return { include, exclude };
}

function definition(name: string, owner: string, context: Context) {
  const project = context.projectsConfigurations.projects[owner];
  const inputs =
    project?.namedInputs?.[name] ??
    context.nxJsonConfiguration.namedInputs?.[name] ??
    (name === 'default' ? DEFAULT_INPUTS.default : undefined);
  if (inputs) return inputs;
  throw new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `deps names the input "${name}", which neither project ${owner} nor nx.json defines.`,
    hint: 'Define it under namedInputs in nx.json.',
  });
}

function textOf(entry: unknown): string | undefined {
  if (typeof entry === 'string') return entry;
  const { fileset, input, dependencies } = entry as Record<string, unknown>;
  if (typeof fileset === 'string') return fileset;
  if (typeof input !== 'string') return undefined;
  return dependencies ? `^${input}` : input;
}

/** Whose input an entry means: `{ input, projects }` names other projects. */
function ownersOf(entry: unknown, owner: string, context: Context): string[] {
  const projects =
    typeof entry === 'object' && entry !== null && 'projects' in entry
      ? entry.projects
      : undefined;
  if (projects === undefined) return [owner];
  const names = [projects].flat() as string[];
  const strange = names.find(
    (name) => !context.projectsConfigurations.projects[name],
  );
  if (strange === undefined) return names;
  throw new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `an input that deps uses names the project "${strange}", which does not exist.`,
    hint: 'Write whole project names there: patterns and tags are not followed. nx show projects lists them.',
  });
}

/** @returns undefined if the entry names another input */
function globOf(
  entry: string,
  owner: string,
  context: Context,
): string | undefined {
  const text = entry.replace(/^!/, '');
  const at = /^\{(workspaceRoot|projectRoot)\}\/?(.*)$/.exec(text);
  if (!at) return undefined;
  const root = context.projectsConfigurations.projects[owner]?.root ?? '';
  const base =
    at[1] === 'projectRoot' ? join(context.root, root) : context.root;
  return join(base, at[2] ?? '');
}

function dependenciesOf(project: string, context: Context): string[] {
  return (context.projectGraph.dependencies[project] ?? [])
    .map((edge) => edge.target)
    .filter((target) => context.projectsConfigurations.projects[target]);
}
