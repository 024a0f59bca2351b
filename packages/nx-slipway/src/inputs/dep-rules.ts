import { join, posix, relative } from 'node:path';
import picomatch from 'picomatch';
import type { Dep, DepSelection } from './dep-files';
import { globMatcher } from './glob-matcher';
import { ignoreRules } from './ignore-rules';
import { readIfThere } from './read-if-there';
import { toPosix } from './to-posix';

/** The rule by which a file in a dep is no input. */
export type LeftOut =
  /** Our own, or what the command writes its ref to. */
  | 'output'
  /** It, or a folder that it lies in, is called like what is never an input. */
  | 'name'
  | 'gitignore'
  /** The dep is a glob that does not match it. */
  | 'glob'
  /** The named input that the dep comes of takes it out again. */
  | 'input'
  | 'manifest'
  | 'dockerignore'
  /** The option. */
  | 'ignore';

/**
 * Names of editors' scratch files, version control, Nx's own state and installed
 * packages: a build command may see them, but none decides what it builds.
 * What an image takes of `node_modules`, the lock file among its deps says.
 */
const NEVER_INPUTS = [
  '.git',
  '.nx',
  'node_modules',
  '.idea',
  '.DS_Store',
  '*.sw[op]',
  '*~',
  '.#*',
  '#*#',
  '4913',
  '*___jb_{tmp,old}___',
];

/** Packages, too, which Nx never looks at. */
export const YARN_CACHE = join('.yarn', 'cache');

/** Of a type of its own: who uses our types need not have those of picomatch. */
export const isNeverInput: (path: string) => boolean = picomatch(NEVER_INPUTS, {
  dot: true,
});
/** Docker reads these even where .dockerignore keeps them out of the image. */
const isReadByDocker = picomatch(
  ['**/{Dockerfile,Dockerfile.*,*.Dockerfile}', '**/{,*}.dockerignore'],
  { dot: true },
);

/**
 * Which files of a dep are left out, by the globs, the dep's own .dockerignore
 * and the option `ignore`.
 * @param dep a folder
 * @returns takes paths relative to that
 */
export async function rulesOfDep(
  { path: base, except = [] }: Dep,
  selection: DepSelection,
  glob?: string,
): Promise<(path: string) => LeftOut | undefined> {
  const { root, projectRoot, manifests, ignore } = selection;
  const file = join(base, '.dockerignore');
  const rules = ignoreRules(
    await dockerignoreIn(base, selection),
    relative(root, file),
  );
  const option = ignoreRules(ignore, 'ignore');
  const matches = glob ? picomatch(glob, { dot: true }) : () => true;
  const isExcept = globMatcher(
    except.map((pattern) => toPosix(relative(root, pattern))),
  );
  const fromRoot = toPosix(relative(root, base));
  const fromProject = toPosix(relative(projectRoot, base));
  const isManifest = manifestMatcher(manifests);
  const isAsked = asksForManifests({ base: fromProject, glob }, manifests);
  return (path) => {
    if (!matches(path)) return 'glob';
    if (isExcept(posix.join(fromRoot, path))) return 'input';
    if (!isAsked && isManifest(posix.join(fromProject, path))) {
      return 'manifest';
    }
    if (!isReadByDocker(path) && rules.ignores(path)) return 'dockerignore';
    return option.ignores(path) ? 'ignore' : undefined;
  };
}

/** The patterns of a dep's own .dockerignore. */
export async function dockerignoreIn(
  folder: string,
  { usesDockerignore = true }: DepSelection,
): Promise<string[]> {
  if (!usesDockerignore) return [];
  const text = await readIfThere(join(folder, '.dockerignore'));
  return text?.toString('utf8').split(/\r?\n/) ?? [];
}

/**
 * Who names YAML, or a folder where only manifests are, means it.
 * @param dep relative to the project root, as the globs are
 */
export function asksForManifests(
  dep: { readonly base: string; readonly glob?: string },
  manifests: readonly string[],
): boolean {
  const isManifest = manifestMatcher(manifests);
  const names = ['x.yaml', 'x.yml', 'x.json'];
  return (
    /ya?ml/.test(dep.glob ?? '') ||
    names.some((name) => isManifest(posix.join(dep.base, name)))
  );
}

const matchers = new Map<string, (path: string) => boolean>();

/** Of thousands of projects most have the same globs. */
function manifestMatcher(manifests: readonly string[]) {
  const key = manifests.join('\n');
  // As Nx has globs, whose exclusions these are, too.
  const known = matchers.get(key) ?? globMatcher(manifests);
  matchers.set(key, known);
  return known;
}
