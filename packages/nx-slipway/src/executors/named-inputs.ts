import { join } from 'node:path';
import { SlipwayError } from '../report';
import {
  fieldsOf,
  inputEntries,
  type InputContext,
  type Strangers,
} from './input-entries';

/** Globs, absolute. */
export interface Fileset {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/**
 * The files of a named input: `production` of the project itself,
 * `^production` of the projects that it depends on, however far. What is not
 * a file (env, runtime, external dependencies) is left to Nx's own hash.
 * @throws SLIPWAY_E_OPTION_INVALID if no such input is defined
 */
export function filesetsOf(
  input: string,
  project: string,
  context: InputContext,
): Fileset {
  const include: string[] = [];
  const exclude: string[] = [];
  const entries = inputEntries([{ input }], project, context, REFUSED);
  for (const { entry, owner } of entries) {
    const { fileset } = fieldsOf(entry);
    if (typeof fileset !== 'string') continue;
    const list = fileset.startsWith('!') ? exclude : include;
    list.push(globOf(fileset, owner, context));
  }
  return { include, exclude };
}

const REFUSED: Strangers = {
  input(name, owner) {
    throw new SlipwayError({
      code: 'SLIPWAY_E_OPTION_INVALID',
      message: `deps names the input "${name}", which neither project ${owner} nor nx.json defines.`,
      hint: 'Define it under namedInputs in nx.json.',
    });
  },
  project(name) {
    throw new SlipwayError({
      code: 'SLIPWAY_E_OPTION_INVALID',
      message: `an input that deps uses names the project "${name}", which does not exist.`,
      hint: 'Write whole project names there: patterns and tags are not followed. nx show projects lists them.',
    });
  },
};

function globOf(fileset: string, owner: string, context: InputContext): string {
  const root = context.projectsConfigurations.projects[owner]?.root ?? '';
  const isOfProject = /^!?\{projectRoot\}/.test(fileset);
  const base = isOfProject ? join(context.root, root) : context.root;
  return join(base, fileset.replace(/^!?\{\w+\}\/?/, ''));
}
