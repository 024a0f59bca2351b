import {
  contentId,
  formatReference,
  identityOfInspect,
  isUnder,
  parseReference,
  type DeployRef,
  type ImageReference,
} from '../../image';
import { SlipwayError } from '../../report';
import type { Arguments } from '../arguments';
import { parseBuildContext, type DeployNaming } from '../../settings';
import type { Terminal } from '../terminal';
import {
  optionsOf,
  registryIn,
  rootAbove,
  withAbsoluteFiles,
  workspaceRoot,
} from '../workspace';
import { refOfContent, refOfRecord, type Looking } from './deploy-ref';
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
}

/** `slipway image-deploy-ref` */
export async function imageDeployRef(
  args: Arguments,
  terminal: Terminal,
): Promise<number> {
  const { recordsRoot, naming } = await placeOf(args, terminal);
  const registry = registryIn(args, naming.registry);
  const place = { recordsRoot, naming: { ...naming, registry } };
  const found = await find(args.words[0] ?? '', place, terminal);
  const local = formatReference(found.deployRef.local);
  const cluster = formatReference(found.deployRef.cluster);
  const answer = args.isSet('json')
    ? JSON.stringify({ local, cluster, contentId: found.contentId })
    : args.isSet('local')
      ? local
      : cluster;
  terminal.print(`${answer}\n`);
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
  { naming, recordsRoot }: Place,
  terminal: Terminal,
): Promise<Found> {
  const ref = parseReference(text);
  const registries = openRegistries(naming.registry, terminal);
  const looking: Looking = {
    naming,
    registries,
    warn: (line) => terminal.warn(line),
  };
  try {
    const isBareName = ref.tag === undefined && ref.digest === undefined;
    if (isBareName && recordsRoot !== undefined) {
      const record = await recordNamed(ref, recordsRoot, looking.warn);
      const deployRef = await refOfRecord(record, looking);
      return { contentId: record.contentId, deployRef };
    }
    const id =
      (await idInDocker(ref, terminal)) ?? (await idInRegistry(ref, looking));
    if (id === undefined) throw notFound(ref);
    return { contentId: id, deployRef: await refOfContent(ref, id, looking) };
  } finally {
    await registries.close();
  }
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
