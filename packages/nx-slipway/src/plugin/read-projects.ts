import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { isObject } from '../locate';
import type { DeclaredProject } from './declared';
import { declaredTargets, type RawTarget } from './declared-targets';
import type { NxJson } from './nx-json';
import { parseJson, workspacePackages } from './nx-internals';

interface ProjectJson {
  readonly name?: string;
  readonly root?: string;
  readonly tags?: readonly string[];
  readonly targets?: Readonly<Record<string, RawTarget>>;
  readonly implicitDependencies?: readonly string[];
  readonly namedInputs?: Readonly<Record<string, readonly unknown[]>>;
}

interface PackageJson {
  readonly name?: string;
  readonly private?: boolean;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly nx?: ProjectJson & { readonly includedScripts?: readonly string[] };
}

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
  const isPackage = files.some(isPackageJson)
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
    const packageJson = ((hasPackage && read(packageFile)) ||
      {}) as PackageJson;
    return [project(file, projectJson, packageJson, nxJson, implied)];
  });
}

function isPackageJson(file: string): boolean {
  return posix.basename(file) === 'package.json';
}

function readObject(path: string): Record<string, unknown> | undefined {
  try {
    const value = parseJson(readFileSync(path, 'utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    // Missing or torn: what is wrong with it, Nx says.
    return undefined;
  }
}

function project(
  file: string,
  projectJson: ProjectJson,
  packageJson: PackageJson,
  nxJson: NxJson,
  implied: ReadonlyMap<string, string>,
): DeclaredProject {
  const folder = posix.dirname(file);
  const { nx = {} } = packageJson;
  const about = {
    root: posix.normalize(projectJson.root ?? folder),
    name:
      projectJson.name ??
      nx.name ??
      packageJson.name ??
      posix.basename(folder).toLowerCase(),
  };
  return {
    ...about,
    file,
    targets: declaredTargets(
      [nx.targets, projectJson.targets],
      { ...about, tags: [...(nx.tags ?? []), ...(projectJson.tags ?? [])] },
      nxJson,
      implied,
    ),
    otherTargets: targetsOfPackage(packageJson, projectJson),
    implicitDependencies: [
      ...(nx.implicitDependencies ?? []),
      ...(projectJson.implicitDependencies ?? []),
    ],
    namedInputs: { ...nx.namedInputs, ...projectJson.namedInputs },
  };
}

/** Scripts, and what `nx release` adds to a package that may be published. */
function targetsOfPackage(
  { name, scripts = {}, nx = {}, private: isPrivate }: PackageJson,
  { targets = {} }: ProjectJson,
): string[] {
  const declared = { ...nx.targets, ...targets };
  const included = nx.includedScripts ?? Object.keys(scripts);
  return [
    // One that says how it is run replaces the script of its name.
    ...included.filter(
      (script) => !declared[script]?.executor && !declared[script]?.command,
    ),
    ...(name === undefined || isPrivate ? [] : ['nx-release-publish']),
  ];
}
