import {
  isInDocker,
  isInRegistry,
  type BuildPlan,
  type BuildSystems,
  type CurrentImage,
} from '../../../build';
import {
  contentId,
  familiarName,
  formatReference,
  identityOfInspect,
  matchesPlatform,
} from '../../../image';
import type { ProcessConfig } from '../../../live-update';
import { readImage } from '../../../registry';
import { SlipwayError } from '../../../report';

type Config = Readonly<Record<string, unknown>>;
type Systems = Pick<BuildSystems, 'docker' | 'connectRegistry'>;
/** Where containers find programs whose image does not say it. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * What an image runs: of Docker if that has it, where its files can be looked
 * at, too, else of the registry, by the requests that read an image. In a
 * cluster's own runtime nobody can look.
 * @throws as DockerEngine.inspect and readImage
 */
export async function processConfigOf(
  image: CurrentImage,
  plan: BuildPlan,
  systems: Systems,
): Promise<ProcessConfig> {
  const found =
    (isInDocker(plan) && (await inDocker(image, systems))) ||
    (isInRegistry(plan) && (await inRegistry(image, plan, systems)));
  return found || { entrypoint: [], cmd: [] };
}

/** As `processConfigOf`, which is asked once for each content. */
export function processConfigs(): typeof processConfigOf {
  const known = new Map<string, ProcessConfig>();
  return async (image, plan, systems) => {
    const config =
      known.get(image.contentId) ??
      (await processConfigOf(image, plan, systems));
    known.set(image.contentId, config);
    return config;
  };
}

/** @throws SLIPWAY_E_OPTION_INVALID for an image that has no shell */
export function assertShell(
  { imageName }: Pick<BuildPlan, 'imageName'>,
  { hasShell = true }: ProcessConfig,
): void {
  if (hasShell) return;
  const name = familiarName(imageName);
  throw new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `liveUpdate of ${name} has restart, and its image has no sh, which starts the process again.`,
    hint: 'Build on an image that has a shell (of distroless images those with the tag debug), or take restart out.',
  });
}

async function inDocker(
  { contentId: id, deployRef: { local } }: CurrentImage,
  { docker }: Systems,
): Promise<ProcessConfig | undefined> {
  const { tag, ...name } = local;
  // Docker knows digests of what it has pushed itself alone.
  const ref = tag === undefined ? local : { ...name, tag, digest: undefined };
  const found = await docker.inspect(formatReference(ref));
  if (!found || contentId(identityOfInspect(found)) !== id) return undefined;
  const config = found.Config ?? {};
  const hasShell = await holdsShell(found.Id, config, docker);
  return { ...commandIn(config), hasShell };
}

async function holdsShell(
  id: string,
  { Env }: Config,
  docker: Systems['docker'],
): Promise<boolean | undefined> {
  const path = textsIn(Env).find((each) => each.startsWith('PATH='));
  const folders = (path?.slice('PATH='.length) ?? PATH).split(':');
  const files = folders.map((folder) => `${folder}/sh`);
  try {
    return await docker.holdsFile(id, files);
  } catch (error) {
    // Who may make no containers is told by the cluster.
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}

async function inRegistry(
  { contentId: id, deployRef: { local } }: CurrentImage,
  { platform, registry }: BuildPlan,
  { connectRegistry }: Systems,
): Promise<ProcessConfig | undefined> {
  const client = connectRegistry(local.domain, registry);
  const read = (reference: string) => readImage(client, local.path, reference);
  const image = await read(local.digest ?? local.tag ?? '');
  const child =
    image?.children.find((each) => each.contentId === id) ??
    image?.children.find((each) => matchesPlatform(each.platform, platform));
  const single = child ? await read(child.digest) : image;
  return single?.config && commandIn(single.config.config ?? {});
}

function commandIn({ Entrypoint, Cmd }: Config) {
  return { entrypoint: textsIn(Entrypoint), cmd: textsIn(Cmd) };
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value)
    ? value.filter((each): each is string => typeof each === 'string')
    : [];
}
