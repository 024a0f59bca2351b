import { getProjects, type ProjectConfiguration, type Tree } from '@nx/devkit';
import { nearest, SlipwayError } from '../../report';
import { graphOf } from './graph-of';

export type Project = ProjectConfiguration & { name: string };

const SHOWN = 10;

/**
 * A project of the workspace, with the targets that its own files declare. One
 * that a plugin infers, of a build.gradle, has none of them yet.
 * @param asked its name, or as with `nx run` what stands after the last `/` in
 *   that of one project alone
 * @throws SLIPWAY_E_OPTION_INVALID with the names that are near
 */
export function projectOf(tree: Tree, asked: string): Project {
  const declared = getProjects(tree);
  const inferred = graphOf(tree);
  const names = [...new Set([...declared.keys(), ...inferred.keys()])].sort();
  const name = nameIn(names, asked);
  const found = declared.get(name);
  if (found) return { ...found, name };
  const root = inferred.get(name)?.root;
  if (root !== undefined) return { name, root };
  throw new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `this workspace has no project "${asked}"`,
    hint: hintFor(asked, names),
  });
}

function nameIn(names: readonly string[], asked: string): string {
  if (names.includes(asked)) return asked;
  const [only = asked, ...others] = names.filter((name) =>
    name.endsWith(`/${asked}`),
  );
  return others.length === 0 ? only : asked;
}

function hintFor(name: string, names: readonly string[]): string {
  if (names.length === 0) {
    return 'It has no project at all: a folder becomes one by a project.json with {"name": "..."}.';
  }
  const near = nearest(name, names);
  const shown = names.slice(0, SHOWN).join(', ');
  const more = names.length > SHOWN ? ', ... (nx show projects)' : '';
  return `${near ? `Did you mean ${near}? ` : ''}The projects are ${shown}${more}.`;
}
