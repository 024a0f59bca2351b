import { getProjects, type ProjectConfiguration, type Tree } from '@nx/devkit';
import { nearest, SlipwayError } from '../../report';
import { graphOf } from './graph-of';

export type Project = ProjectConfiguration & { name: string };

const SHOWN = 10;

/**
 * A project of the workspace, with the targets that its own files declare. One
 * that a plugin infers, of a build.gradle, has none of them yet.
 * @throws SLIPWAY_E_OPTION_INVALID with the names that are near
 */
export function projectOf(tree: Tree, name: string): Project {
  const declared = getProjects(tree);
  const found = declared.get(name);
  if (found) return { ...found, name };
  const inferred = graphOf(tree);
  const root = inferred.get(name)?.root;
  if (root !== undefined) return { name, root };
  const names = [...new Set([...declared.keys(), ...inferred.keys()])].sort();
  throw new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `this workspace has no project "${name}"`,
    hint: hintFor(name, names),
  });
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
