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
   * @param index of the element, where the option is a list
   */
  path(option: string, value: string, index?: number): string;
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
      message:
        'custom-build runs as the target of a project, and Nx named none.',
    });
  }
  const projectRoot = join(context.root, project.root);
  const raw = rawOptions(context);
  const asNxHandsOn = (written: string) =>
    written
      .replace(/^\{workspaceRoot\}\/?/, '')
      .replaceAll('{projectRoot}', project.root)
      .replaceAll('{projectName}', projectName);
  return {
    root: context.root,
    projectName,
    projectRoot,
    options: workspaceOptions(context.nxJsonConfiguration),
    path(option, value, index) {
      const written = raw[option];
      const item: unknown =
        index === undefined || !Array.isArray(written)
          ? written
          : written[index];
      // Compared, since the command line may override what is written.
      const isFromRoot =
        value.startsWith(WORKSPACE_TOKEN) ||
        (typeof item === 'string' &&
          item.startsWith(WORKSPACE_TOKEN) &&
          asNxHandsOn(item) === value);
      const rest = value.replace(WORKSPACE_TOKEN, '');
      return join(isFromRoot ? context.root : projectRoot, rest);
    },
    filesets: (input) => filesetsOf(input, projectName, context),
    envInputs: envInputsOf(context.target?.inputs, projectName, context),
  };
}
