import { posix, relative, sep } from 'node:path';
import type { DeclaredImage } from '../../executors';
import { fileInDeps, type DepSelection, type FileInDep } from '../../inputs';
import { saveOf, type Save } from './save';

/** What an image makes of a file. */
export interface ImageAnswer {
  /** As in `ref`. */
  readonly image: string;
  /** As nx run takes it. */
  readonly task: string;
  /** Whether it, or an image that it is built on, is built of the file. */
  readonly isInput: boolean;
  /** What its deps say in which the file lies. */
  readonly deps: readonly FileInDep[];
  /** The images that it is built on, and whose deps hold the file. */
  readonly through: readonly string[];
  /** The tasks, run before the build or for a sync, that may read the file. */
  readonly readBy: readonly string[];
  /** What a save comes to under `nx serve`. */
  readonly save: Save;
}

/**
 * @param path of a file that need not be there, absolute
 * @returns undefined if the image has nothing to do with it
 * @throws SLIPWAY_E_OPTION_INVALID
 */
export async function explainFile(
  path: string,
  image: DeclaredImage,
): Promise<ImageAnswer | undefined> {
  const { name, task, deps: selection } = image;
  const deps = await fileInDeps(selection, path);
  const through = await holdersOf(path, ancestorsOf(image));
  const isInput = deps.some(isHeld) || through.length > 0;
  const before = image.before();
  const isRead = before !== undefined && (await holds(before.sources, path));
  const readBy = isRead ? before.tasks : [];
  const file = relative(selection.root, path).split(sep).join(posix.sep);
  const save = saveOf(file, image, { isInput, readBy });
  if (deps.length + through.length === 0 && save.does === 'nothing') {
    return undefined;
  }
  return { image: name, task, isInput, deps, through, readBy, save };
}

async function holdersOf(
  path: string,
  images: readonly DeclaredImage[],
): Promise<string[]> {
  const holding = await Promise.all(
    images.map(async ({ name, deps }) =>
      (await holds(deps, path)) ? [name] : [],
    ),
  );
  return holding.flat();
}

async function holds(deps: DepSelection, path: string): Promise<boolean> {
  return (await fileInDeps(deps, path)).some(isHeld);
}

function isHeld({ leftOut }: FileInDep): boolean {
  return leftOut === undefined;
}

function ancestorsOf({ parents }: DeclaredImage): DeclaredImage[] {
  const all = new Set(parents);
  for (const image of all) for (const above of image.parents) all.add(above);
  return [...all];
}
