import { posix, relative, sep } from 'node:path';
import type { Dep, DepSelection } from '../../inputs';
import { recordPath } from '../../state';
import type { Workspace } from '../workspace';
import { outputMode, ownFile } from './output-mode';
import type { CustomBuildExecutorSchema } from './schema';

/** What the command of an image reads. */
export function depSelection(
  options: CustomBuildExecutorSchema,
  workspace: Workspace,
): DepSelection {
  const { root, projectRoot, manifestGlobs } = workspace;
  return {
    root,
    projectRoot,
    manifests: manifestGlobs.map((glob) =>
      relative(projectRoot, glob).split(sep).join(posix.sep),
    ),
    deps: depsOption(options, workspace),
    ignore: options.ignore ?? [],
    outputs: [
      recordFileOption(options, workspace),
      ...writtenFiles(options, workspace),
    ],
  };
}

export function recordFileOption(
  { recordFile }: Pick<CustomBuildExecutorSchema, 'recordFile'>,
  workspace: Workspace,
): string {
  return recordFile
    ? ownFile('recordFile', recordFile, workspace)
    : recordPath(workspace.root, workspace.projectName);
}

/** What the command writes its ref to: one file, or none. */
export function writtenFiles(
  options: CustomBuildExecutorSchema,
  workspace: Workspace,
): string[] {
  const { source } = outputMode(options, workspace);
  return source.kind === 'file' ? [source.path] : [];
}

function depsOption(
  { deps }: CustomBuildExecutorSchema,
  workspace: Workspace,
): Dep[] {
  if (deps === undefined) return [{ path: workspace.projectRoot }];
  return deps.flatMap((dep, index) => {
    if (typeof dep === 'string') {
      return [{ path: workspace.path('deps', dep, index) }];
    }
    const { include, exclude } = workspace.filesets(dep.input);
    return include.map((path) => ({ path, except: exclude }));
  });
}
