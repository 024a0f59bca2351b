import { isAtOrBelow } from '../../../inputs';
import { CUSTOM_BUILD } from '../../../settings';
import { isImage, madeBy, optionsOf, withBases, type Image } from '../images';
import type { Call } from '../read';
import { commandPath } from '../values';
import { absentOf } from './absent';
import type { Homes } from './homes';
import type {
  KnownTarget,
  Ledger,
  Place,
  PlannedFile,
  PlannedTarget,
  Workspace,
} from './types';

export interface Images {
  readonly targets: PlannedTarget[];
  readonly files: PlannedFile[];
  /** Which have no project yet: of files all over the workspace. */
  readonly homeless: readonly Image[];
}

/**
 * A target for each image. Those that are of no folder in particular are left
 * for the project that deploys.
 */
export function planImages(
  calls: readonly Call[],
  workspace: Workspace,
  homes: Homes,
  ledger: Ledger,
): Images {
  const images = imagesOf(calls, workspace, ledger);
  const planned: Images = { targets: [], files: [], homeless: [] };
  const homeless: Image[] = [];
  for (const image of images) {
    const place =
      builderOf(image.ref, workspace)?.place ??
      homes.ofImage([...image.homes, image.dir], lastPart(image.ref));
    if (place) planImage(image, place, workspace, ledger, planned);
    else homeless.push(image);
  }
  return { ...planned, homeless };
}

/** Adds the target of an image to what is planned. */
export function planImage(
  image: Image,
  project: Place,
  workspace: Workspace,
  ledger: Ledger,
  { targets, files }: Pick<Images, 'targets' | 'files'>,
): void {
  const { call, ref, dockerfile } = image;
  const taken = targets
    .filter((each) => each.project.name === project.name)
    .map(({ target }) => target);
  const usual = workspace.targetNames.customBuild;
  const target =
    builderOf(ref, workspace)?.target ??
    freeTarget(ref, project, usual, taken, workspace);
  if (isForeign(targetsOf(project, workspace)[usual])) {
    ledger.note(
      call,
      `${project.name} has a target \`${usual}\` of something else, which stays as it is`,
    );
  }
  const recordFile = `{workspaceRoot}/.nx/slipway/${project.name}-${slug(ref)}.json`;
  targets.push({
    project,
    target,
    config: {
      executor: CUSTOM_BUILD,
      options: {
        ...optionsOf(
          withoutTiltfiles(image, project.root, workspace.ignored),
          project.root,
        ),
        // Two targets of one project need two places for their records.
        ...(target !== usual && { recordFile }),
      },
    },
    calls: [call],
  });
  if (dockerfile?.text !== undefined) {
    files.push({ path: dockerfile.path, text: dockerfile.text, call });
  }
  ledger.moved(call, `${project.name}:${target}`);
  ledger.note(call, ...image.notes, ...absentOf(image.deps, workspace));
  ledger.problem(call, ...image.problems);
}

function imagesOf(
  calls: readonly Call[],
  { read, projects }: Workspace,
  ledger: Ledger,
): Image[] {
  const images: Image[] = [];
  for (const call of calls) {
    const made = madeBy(call);
    if (!made) continue;
    if (!isImage(made)) {
      ledger.problem(call, ...made.problems);
      ledger.todo(call, HAND);
    } else if (images.some(({ ref }) => ref === made.ref)) {
      ledger.problem(call, `${made.ref} is built by a call before it`);
      ledger.todo(call, 'Two builds of one image need two names.');
    } else images.push(made);
  }
  const known = projects.flatMap(({ targets }) =>
    Object.values(targets).flatMap(({ ref }) => ref ?? []),
  );
  const refs = [...new Set([...images.map(({ ref }) => ref), ...known])];
  return images.map((image) => withBases(image, refs, read));
}

export const HAND =
  'Write the `custom-build` target by hand, or give the arguments as literals and import again.';

/** Who builds an image of that name already: perhaps we, before. */
function builderOf(ref: string, { projects }: Workspace) {
  for (const { name, root, targets } of projects) {
    for (const [target, known] of Object.entries(targets)) {
      if (known.ref === ref) return { place: { name, root }, target };
    }
  }
  return undefined;
}

const targetsOf = ({ name }: Place, { projects }: Workspace) =>
  projects.find((project) => project.name === name)?.targets ?? {};

const isForeign = (target: KnownTarget | undefined): boolean =>
  target?.executor !== undefined && target.executor !== CUSTOM_BUILD;

function freeTarget(
  ref: string,
  project: Place,
  usual: string,
  taken: readonly string[],
  workspace: Workspace,
): string {
  const known = targetsOf(project, workspace);
  const own = `${usual}-${slug(ref)}`;
  const names = [
    usual,
    own,
    ...Array.from({ length: 99 }, (_, at) => `${own}-${at + 2}`),
  ];
  return names.find((each) => !taken.includes(each) && !(each in known)) ?? own;
}

/** What Tilt never watches: its own files, and what is written about them. */
function withoutTiltfiles(
  image: Image,
  root: string,
  files: readonly string[],
): Image {
  const folders = image.deps.length > 0 ? image.deps : [root];
  const patterns = files.flatMap((file) =>
    folders
      .filter((folder) => folder !== file && isAtOrBelow(file, folder))
      .map((folder) => commandPath(file, folder)),
  );
  return { ...image, ignore: [...new Set([...image.ignore, ...patterns])] };
}

const lastPart = (ref: string) =>
  (ref.split('/').at(-1) ?? ref).replace(/[:@].*$/, '');

const slug = (ref: string) =>
  ref.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '');
