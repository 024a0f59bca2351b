import {
  contentId,
  familiarName,
  formatReference,
  identityOfInspect,
  isUnder,
  parseReference,
  type DeployRef,
  type ImageReference,
} from '../../image';
import { SlipwayError, nearest } from '../../report';
import type { Arguments } from '../arguments';
import {
  parseBuildContext,
  parseRegistry,
  type DeployNaming,
  type RegistryOption,
} from '../../settings';
import type { Terminal } from '../terminal';
import {
  optionsOf,
  registryIn,
  rootAbove,
  withAbsoluteFiles,
  workspaceRoot,
} from '../workspace';
import { refOfContent, refOfRecord, type Looking } from './deploy-ref';
import {
  buildsIn,
  buildsOf,
  deliveryOf,
  refInCluster,
  type Build,
} from './builds';
import { recordNamed } from './records';
import { openRegistries } from './registries';

interface Found {
  readonly contentId: string;
  readonly deployRef: DeployRef;
}

interface Place {
  readonly naming: DeployNaming;
  /** Of the workspace whose records count: none in a build command. */
  readonly recordsRoot?: string;
  /** By --registry, which wins over what a target says. */
  readonly isRegistryGiven?: boolean;
}

/** `slipway image-deploy-ref` */
export async function imageDeployRef(
  args: Arguments,
  terminal: Terminal,
): Promise<number> {
  const { recordsRoot, naming } = await placeOf(args, terminal);
  const registry = registryIn(args, naming.registry);
  const isRegistryGiven = args.text('registry') !== undefined;
  const place = {
    recordsRoot,
    naming: { ...naming, registry },
    isRegistryGiven,
  };
  const found = await find(args.words[0] ?? '', place, terminal);
  const local = formatReference(found.deployRef.local);
  const cluster = formatReference(found.deployRef.cluster);
  const answer = args.isSet('json')
    ? JSON.stringify({ local, cluster, contentId: found.contentId })
    : args.isSet('local')
      ? local
      : cluster;
  terminal.answer(`${answer}\n`);
  return 0;
}

/**
 * The same for scripts that were written for Tilt: a tag alone, whatever `pin`
 * says. So it asks no registry, and says the same before and after a push.
 */
export async function dumpImageDeployRef(
  ref: string,
  terminal: Terminal,
): Promise<string> {
  const none: Arguments = {
    words: [],
    text: () => undefined,
    isSet: () => false,
  };
  const place = await placeOf(none, terminal);
  const naming: DeployNaming = { ...place.naming, pin: 'tag' };
  const found = await find(ref, { ...place, naming }, terminal);
  return formatReference(found.deployRef.cluster);
}

/**
 * In a build command all is said by its environment: Nx is not loaded, which
 * takes longer than the rest.
 */
async function placeOf(args: Arguments, terminal: Terminal): Promise<Place> {
  const { SLIPWAY_BUILD: context } = terminal.env;
  if (context && args.text('workspace') === undefined) {
    const naming = parseBuildContext(context);
    const root = (await rootAbove(terminal.cwd)) ?? terminal.cwd;
    const registry =
      naming.registry && withAbsoluteFiles(naming.registry, root);
    return { naming: { ...naming, registry } };
  }
  const root = await workspaceRoot(args, terminal);
  return { naming: await optionsOf(root), recordsRoot: root };
}

async function find(
  text: string,
  place: Place,
  terminal: Terminal,
): Promise<Found> {
  const ref = parseReference(text);
  const isBareName = ref.tag === undefined && ref.digest === undefined;
  const { recordsRoot: root } = place;
  if (isBareName && root !== undefined) {
    return findRecorded(ref, { ...place, root }, terminal);
  }
  return lookingBy(place.naming, terminal, async (looking) => {
    const id =
      (await idInDocker(ref, terminal)) ?? (await idInRegistry(ref, looking));
    if (id === undefined) throw notFound(ref);
    return { contentId: id, deployRef: await refOfContent(ref, id, looking) };
  });
}

/** By what the image's own target says, and the record of its last build. */
async function findRecorded(
  name: ImageReference,
  { naming, root, isRegistryGiven }: Place & { readonly root: string },
  terminal: Terminal,
): Promise<Found> {
  const all = await buildsIn(root);
  const builds = buildsOf(name, all);
  const [build] = builds;
  if (!build) throw notOfWorkspace(name, all);
  const warn = (line: string) => terminal.warn(line);
  const record = await recordNamed(name, builds, warn);
  const { contentId } = record;
  const inCluster = refInCluster(build, record, naming.tagPrefix);
  if (inCluster) return { contentId, deployRef: inCluster };
  const { registry: own, context } = build.options;
  const isOwn = !isRegistryGiven && own !== undefined;
  const registry = isOwn
    ? parseRegistry(own as RegistryOption, `registry of ${build.task}`)
    : naming.registry;
  if (!registry && typeof context === 'string') {
    warn(
      `${build.task} names the context ${context}, which is not asked for its registry here: give --registry.`,
    );
  }
  const delivery = deliveryOf(build, registry);
  const ofTarget = {
    ...naming,
    registry: registry && withAbsoluteFiles(registry, root),
  };
  return lookingBy(ofTarget, terminal, async (looking) => ({
    contentId,
    deployRef: await refOfRecord(record, delivery, looking),
  }));
}

async function lookingBy<T>(
  naming: DeployNaming,
  terminal: Terminal,
  work: (looking: Looking) => Promise<T>,
): Promise<T> {
  const registries = openRegistries(naming.registry, terminal);
  const warn = (line: string) => terminal.warn(line);
  try {
    return await work({ naming, registries, warn });
  } finally {
    await registries.close();
  }
}

/** Many give the project's name, which need not be the image's. */
function notOfWorkspace(name: ImageReference, builds: readonly Build[]) {
  const shown = familiarName(name);
  const named = builds.find(({ project }) => project === shown);
  const refs = builds.flatMap(({ options: { ref } }) =>
    typeof ref === 'string' ? ref : [],
  );
  const near = named ? String(named.options.ref) : nearest(shown, refs);
  return new SlipwayError({
    code: 'SLIPWAY_E_IMAGE_NOT_FOUND',
    message: `no project of this workspace builds the image "${shown}"${named ? `; project ${shown} builds "${near}"` : ''}.`,
    hint:
      (near === undefined ? '' : `Did you mean "${near}"? `) +
      'Give the image name as in the option ref of custom-build, or a ref with a tag that is in Docker.',
  });
}

async function idInDocker(
  ref: ImageReference,
  { env }: Terminal,
): Promise<string | undefined> {
  const { connectDocker } = await import('../../docker');
  const docker = connectDocker(env);
  try {
    const image = await docker.inspect(formatReference(ref));
    return image && contentId(identityOfInspect(image));
  } finally {
    docker.close();
  }
}

/** Of a command that pushes by itself and leaves nothing in Docker. */
async function idInRegistry(
  ref: ImageReference,
  { naming, registries }: Looking,
): Promise<string | undefined> {
  const reference = ref.digest ?? ref.tag;
  if (reference === undefined || !isUnder(ref, naming.registry)) {
    return undefined;
  }
  return (await registries.read(ref, reference))?.contentId;
}

function notFound(ref: ImageReference): SlipwayError {
  const isBareName = ref.tag === undefined && ref.digest === undefined;
  return new SlipwayError({
    code: 'SLIPWAY_E_IMAGE_NOT_FOUND',
    message: `there is no image "${formatReference(ref)}" in Docker.`,
    hint: isBareName
      ? 'Give its tag, for example $EXPECTED_REF in a build command, after the image is built. Image names without a tag are known in an Nx workspace, and not in a build command.'
      : 'Build it first; docker images lists what is there.',
  });
}
