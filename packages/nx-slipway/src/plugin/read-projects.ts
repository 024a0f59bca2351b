import { join, posix } from 'node:path';
import { isThere, textOf } from '../disk';
import { isObject } from '../locate';
import { asObject, asText, asTexts } from './as-written';
import type { DeclaredProject } from './declared';
import { declaredTargets } from './declared-targets';
import type { NxJson } from './nx-json';
import { parseJson, workspacePackages } from './nx-internals';

type Written = Readonly<Record<string, unknown>>;

/**
 * The projects of a workspace, as Nx makes them of project.json and
 * package.json. A file that cannot be read is left out: Nx itself tells of it,
 * and says where.
 * @param files relative to the root
 * @param implied executors of targets that name none, by their own names
 */
export function readProjects(
  files: readonly string[],
  root: string,
  nxJson: NxJson,
  implied: ReadonlyMap<string, string>,
): DeclaredProject[] {
  const read = (path: string) => readObject(join(root, path));
  const known = new Set(files);
  const hasRelease = isThere(join(root, 'node_modules', '@nx', 'js'));
  const isPackage = hasPackages(files, root, read)
    ? workspacePackages(root, (path) => read(path) ?? {})
    : () => false;
  return files.flatMap((file) => {
    const folder = posix.dirname(file);
    const projectFile = posix.join(folder, 'project.json');
    const packageFile = posix.join(folder, 'package.json');
    if (isPackageJson(file) && (known.has(projectFile) || !isPackage(file))) {
      return [];
    }
    const projectJson = isPackageJson(file) ? {} : read(file);
    if (!projectJson) return [];
    const hasPackage = known.has(packageFile);
    const packageJson = (hasPackage && read(packageFile)) || {};
    const otherTargets = targetsOfPackage(packageJson, projectJson, hasRelease);
    const own = project(file, projectJson, packageJson, nxJson, implied);
    return [{ ...own, otherTargets }];
  });
}

/** Where packages are listed that are projects without a project.json. */
const LISTS = ['pnpm-workspace.yaml', 'lerna.json'];

/** What tells them apart takes 60 ms to load, and most workspaces have none. */
function hasPackages(
  files: readonly string[],
  root: string,
  read: (path: string) => Written | undefined,
): boolean {
  if (!files.some(isPackageJson)) return false;
  // All of them, since Nx reads them where we cannot see it.
  const lists = LISTS.filter((file) => isReadable(join(root, file)));
  return (
    lists.length > 0 ||
    isListed(read('package.json')) ||
    process.env.NX_INFER_ALL_PACKAGE_JSONS === 'true'
  );
}

function isReadable(file: string): boolean {
  try {
    textOf(file);
    return true;
  } catch {
    return false;
  }
}

/** The root itself is a project to Nx where its package.json says `nx`. */
function isListed(packageJson: Written | undefined): boolean {
  const { workspaces, nx } = packageJson ?? {};
  return workspaces !== undefined || nx !== undefined;
}

function isPackageJson(file: string): boolean {
  return posix.basename(file) === 'package.json';
}

function readObject(path: string): Written | undefined {
  try {
    const value = parseJson(textOf(path));
    return isObject(value) ? value : undefined;
  } catch {
    // Missing or torn: what is wrong with it, Nx says.
    return undefined;
  }
}

function project(
  file: string,
  projectJson: Written,
  packageJson: Written,
  nxJson: NxJson,
  implied: ReadonlyMap<string, string>,
): Omit<DeclaredProject, 'otherTargets'> {
  const folder = posix.dirname(file);
  const nx = asObject(packageJson.nx);
  const names = [projectJson, nx, packageJson].map(({ name }) => asText(name));
  const about = {
    root: posix.normalize(asText(projectJson.root) ?? folder),
    name:
      names.find((name) => name !== undefined) ??
      posix.basename(folder).toLowerCase(),
  };
  const { declared, undeclared } = declaredTargets(
    [asObject(nx.targets), asObject(projectJson.targets)],
    { ...about, tags: [...asTexts(nx.tags), ...asTexts(projectJson.tags)] },
    nxJson,
    implied,
  );
  return {
    ...about,
    file,
    targets: declared,
    undeclared,
    implicitDependencies: [
      ...asTexts(nx.implicitDependencies),
      ...asTexts(projectJson.implicitDependencies),
    ],
    namedInputs: {
      ...asObject(nx.namedInputs),
      ...asObject(projectJson.namedInputs),
    },
  };
}

/**
 * Scripts, and what `nx release` adds to a package that may be published.
 * @param hasRelease whether @nx/js is there, which it needs
 */
function targetsOfPackage(
  packageJson: Written,
  projectJson: Written,
  hasRelease: boolean,
): string[] {
  const nx = asObject(packageJson.nx);
  const declared = {
    ...asObject(nx.targets),
    ...asObject(projectJson.targets),
  };
  const scripts = Object.keys(asObject(packageJson.scripts));
  const included =
    nx.includedScripts === undefined ? scripts : asTexts(nx.includedScripts);
  const isPublic =
    hasRelease && packageJson.name !== undefined && !packageJson.private;
  return [
    // One that says how it is run replaces the script of its name.
    ...included.filter((script) => {
      const { executor, command } = asObject(declared[script]);
      return !executor && !command;
    }),
    ...(isPublic ? ['nx-release-publish'] : []),
  ];
}
