import { posix } from 'node:path';
import { isAtOrBelow } from '../../../inputs';
import { commonFolder, parentOf } from '../values';
import type { Place, Workspace } from './types';

/** A folder with one of these is a thing of its own. */
const MARKS = [
  ...['Dockerfile', 'Containerfile', 'package.json', 'go.mod', 'pom.xml'],
  ...['build.gradle', 'build.gradle.kts', 'gradlew', 'Cargo.toml'],
  ...['pyproject.toml', 'requirements.txt', 'Gemfile', 'Earthfile'],
  ...['flake.nix', 'BUILD', 'BUILD.bazel', 'Tiltfile'],
];
/** Names that tell nothing of what is in there. */
const GENERIC = ['src', 'lib', 'cmd', 'pkg', 'app', 'main', 'source'];

/** Which project has what; new ones are made where there is none. */
export interface Homes {
  /** @param paths what an image is made of, the most telling first */
  ofImage(paths: readonly string[], name: string): Place | undefined;
  /** The deepest project that holds a folder, but not that of the whole workspace. */
  holding(folder: string): Place | undefined;
  at(root: string): Place | undefined;
  named(name: string): Place | undefined;
  make(root: string, name?: string): Place;
}

export function homesIn(workspace: Workspace): Homes {
  const all: Place[] = workspace.projects.map(({ name, root }) => ({
    name,
    root,
  }));
  const at = (root: string) => all.find((place) => place.root === root);
  const named = (name: string) => all.find((place) => place.name === name);
  const holding = (folder: string) =>
    all
      .filter(({ root }) => root !== '' && isAtOrBelow(folder, root))
      .sort((a, b) => b.root.length - a.root.length)[0];
  const make = (root: string, wanted?: string) => {
    const place = {
      name: freeName(wanted ?? posix.basename(root), root, named),
      root,
    };
    all.push(place);
    return place;
  };
  const ofImage = (paths: readonly string[], name: string) => {
    const folders = paths
      .map((path) => (workspace.isFile(path) ? parentOf(path) : path))
      .filter((folder) => folder !== '' && !/[*?[{]/.test(folder));
    const [folder] = folders;
    if (folder === undefined) return at('');
    const found = holding(folder);
    if (found) return found;
    const marked = ancestors(folder).find((each) =>
      MARKS.some((mark) => workspace.isFile(posix.join(each, mark))),
    );
    if (marked) return make(marked);
    const whole = at('');
    if (whole) return whole;
    const isGeneric = GENERIC.includes(posix.basename(folder));
    if (!isGeneric) return make(folder);
    const parent = parentOf(folder);
    return parent === ''
      ? make(folder, name)
      : (holding(parent) ?? make(parent));
  };
  return { ofImage, holding, at, named, make };
}

/** A folder and those above it, less the whole workspace. */
function ancestors(folder: string): string[] {
  return folder === '' ? [] : [folder, ...ancestors(parentOf(folder))];
}

function freeName(
  wanted: string,
  root: string,
  named: (name: string) => Place | undefined,
): string {
  const longer = root.replace(/\//g, '-');
  const numbered = Array.from(
    { length: 1000 },
    (_, at) => `${longer}-${at + 2}`,
  );
  const names = [wanted, longer, ...numbered];
  return names.find((name) => !named(name)) ?? longer;
}

/** Folders of what manifests are made of. */
export const folderOf = (
  paths: readonly string[],
  { isFile }: Pick<Workspace, 'isFile'>,
): string =>
  commonFolder(
    paths.map((path) => {
      const fixed = path.replace(/(^|\/)[^/]*[*?[{].*$/, '');
      return isFile(fixed) || (fixed === path && /\.(ya?ml|json)$/.test(path))
        ? parentOf(fixed)
        : fixed;
    }),
  );
