import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { ExecutorContext, Task } from '@nx/devkit';
import type { Dep, DepSelection } from '../../../inputs';
import { fieldsOf, inputEntries, type Strangers } from '../../input-entries';

/** Of the workspace: in the hash of every task. */
const ALWAYS_HASHED = [
  'nx.json',
  'tsconfig.base.json',
  'tsconfig.json',
  'package-lock.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'bun.lockb',
];

/** What Nx takes for the inputs of a target that has none. */
const DEFAULT_INPUTS = ['default', '^default'];

const FILESET = /^(!?)\{(workspaceRoot|projectRoot)\}\/?(.*)$/;
const GLOB = /[*?[{(!]/;
/** All of a folder, which its path alone is, too. */
const ALL_BELOW = /\/\*\*(?:\/\*)?$|\/+$/;

/**
 * The files that tasks read: what Nx hashes for them; of those that it does not
 * cache, all of their projects and of those that these depend on.
 */
export function sourcesOf(
  tasks: readonly Task[],
  context: ExecutorContext,
): DepSelection {
  const { root } = context;
  const outputs = outputsOf(tasks, context);
  const isGlob = (path: string) => GLOB.test(path.slice(root.length));
  const written = outputs.filter(isGlob);
  const always = ALWAYS_HASHED.map((name): Dep => ({ path: join(root, name) }));
  const read = tasks.flatMap((task) => filesetsOf(task, context));
  // Of many tasks most read the same.
  const deps = new Map<string, Dep>();
  for (const { path, except = [] } of [...always, ...read]) {
    if (!isGlob(path) && !existsSync(path)) continue;
    const dep = { path, except: [...except, ...written] };
    deps.set(JSON.stringify(dep), dep);
  }
  return {
    root,
    projectRoot: root,
    manifests: [],
    ignore: [],
    usesDockerignore: false,
    deps: [...deps.values()],
    outputs: outputs.filter((path) => !isGlob(path)),
  };
}

/** Files of a project and of the workspace, less what the task leaves out of them. */
function filesetsOf(task: Task, context: ExecutorContext): Dep[] {
  const { root, projectsConfigurations } = context;
  const { project, target } = task.target;
  const { targets = {} } = projectsConfigurations.projects[project] ?? {};
  const inputs = targets[target]?.inputs ?? DEFAULT_INPUTS;
  const entries = task.cache ? inputs : [...inputs, ...DEFAULT_INPUTS];
  const found = inputEntries(entries, project, context, strangersIn(context));
  const filesets = found.flatMap(({ entry, owner }) => {
    const [, not, token, rest = ''] =
      FILESET.exec(String(fieldsOf(entry).fileset)) ?? [];
    if (token === undefined) return [];
    const isOfProject = token === 'projectRoot';
    const folder = isOfProject
      ? (projectsConfigurations.projects[owner]?.root ?? '')
      : '';
    const path = join(root, folder, rest);
    return { isLeftOut: not !== '', of: isOfProject ? owner : '', path };
  });
  return filesets
    .filter(({ isLeftOut }) => !isLeftOut)
    .map(({ path, of }) => ({
      path,
      except: [
        ...filesets
          .filter((other) => other.isLeftOut && other.of === of)
          .map((other) => other.path),
        ...(of === '' ? [] : innerFolders(of, context)),
      ],
    }));
}

/** Other projects' files, which are none of a project that they lie in. */
function innerFolders(
  name: string,
  { root, projectsConfigurations: { projects } }: ExecutorContext,
): string[] {
  const own = join(root, projects[name]?.root ?? '');
  return Object.values(projects)
    .map((project) => join(root, project.root))
    .filter((folder) => folder !== own && isBelow(folder, own))
    .map((folder) => join(folder, '**'));
}

/** What Nx would find, or more: projects by patterns and tags are all. */
const strangersIn = ({
  projectsConfigurations,
}: ExecutorContext): Strangers => ({
  // `^{projectRoot}/**/*` is no name.
  input: (name) => (FILESET.test(name) ? [name] : []),
  project: () => Object.keys(projectsConfigurations.projects),
});

/** Absolute paths and globs, but for one that holds a project whole. */
function outputsOf(
  tasks: readonly Task[],
  { root, projectsConfigurations: { projects } }: ExecutorContext,
): string[] {
  const folders = Object.values(projects).map((one) => join(root, one.root));
  const paths = tasks
    .flatMap(({ outputs }) => outputs)
    .filter((output) => !output.startsWith('!'))
    .map((output) => join(root, output.replace(ALL_BELOW, '')));
  return [...new Set(paths)].filter(
    (path) =>
      !folders.some((folder) => folder === path || isBelow(folder, path)),
  );
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}
