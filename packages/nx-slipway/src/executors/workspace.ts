import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { SlipwayError } from '../report';
import { envInputsOf } from './env-inputs';
import { filesetsOf, type Fileset } from './named-inputs';
import { rawOptions } from './raw-options';
import { workspaceOptions, type WorkspaceOptions } from '../settings';

/** What the rooms below need of Nx, and all that they get. */
export interface Workspace {
  /** Absolute. */
  readonly root: string;
  readonly projectName: string;
  /** Absolute. */
  readonly projectRoot: string;
  readonly options: WorkspaceOptions;
  /**
   * An option's path, absolute. Relative to the project root unless the user
   * wrote `{workspaceRoot}/` in front.
   * @param within the option: the index of a list's element, the keys of an
   *   object's value
   */
  path(
    option: string,
    value: string,
    ...within: readonly (string | number)[]
  ): string;
  /** Where the manifests of a project without `source` are: absolute globs. */
  readonly manifestGlobs: readonly string[];
  /** Folders of other projects in this one, below its root with `/`. */
  readonly innerRoots: ReadonlySet<string>;
  /** The files of a named input, as globs. */
  filesets(input: string): Fileset;
  /** The `{ "env": NAME }` inputs of the target, in named inputs too. */
  readonly envInputs: readonly string[];
}

const WORKSPACE_TOKEN = '{workspaceRoot}';

export function workspaceOf(context: ExecutorContext): Workspace {
  const projectName = context.projectName ?? '';
  const project = context.projectsConfigurations.projects[projectName];
  if (!project) {
    throw new SlipwayError({
      code: 'SLIPWAY_E_OPTION_INVALID',
      message: 'this runs as the target of a project, and Nx named none.',
    });
  }
  const projectRoot = join(context.root, project.root);
  const raw = rawOptions(context);
  const options = workspaceOptions(context.nxJsonConfiguration);
  const asNxHandsOn = (written: string) =>
    written
      .replace(/^\{workspaceRoot\}\/?/, '')
      .replaceAll('{projectRoot}', project.root)
      .replaceAll('{projectName}', projectName);
  return {
    root: context.root,
    projectName,
    projectRoot,
    options,
    manifestGlobs: options.manifests.map((glob) =>
      join(context.root, manifestGlob(glob, project.root, projectName)),
    ),
    path(option, value, ...within) {
      const item = [option, ...within].reduce<unknown>(
        (inner, key) => (inner as Record<string, unknown> | undefined)?.[key],
        raw,
      );
      // Compared, since the command line may override what is written.
      const isFromRoot =
        value.startsWith(WORKSPACE_TOKEN) ||
        (typeof item === 'string' &&
          item.startsWith(WORKSPACE_TOKEN) &&
          asNxHandsOn(item) === value);
      const rest = value.replace(WORKSPACE_TOKEN, '');
      return join(isFromRoot ? context.root : projectRoot, rest);
    },
    innerRoots: innerRootsOf(
      project.root,
      Object.values(context.projectsConfigurations.projects),
    ),
    filesets: (input) => filesetsOf(input, projectName, context),
    envInputs: envInputsOf(context.target?.inputs, projectName, context),
  };
}

function innerRootsOf(
  root: string,
  projects: readonly { readonly root: string }[],
): Set<string> {
  const start = root === '.' ? '' : `${root}/`;
  const inner = projects.filter(
    (one) => one.root !== root && one.root.startsWith(start),
  );
  return new Set(inner.map((one) => one.root.slice(start.length)));
}

/** Relative to the workspace root. */
function manifestGlob(glob: string, root: string, name: string): string {
  return glob
    .replaceAll('{projectRoot}', root)
    .replaceAll('{projectName}', name)
    .replace(/^\{workspaceRoot\}\/?/, '');
}
