import { formatReference } from '../image';
import { runTool } from '../tool';
import { withArchive } from './archive';
import type { Load } from './load';
import { noClusterName, noNodes } from './load-errors';
import type { LoadSystems } from './systems';
import { clusterOf } from './recipes';
import { expand, namesIn, type Variables } from './words';
import type { LoadImage } from './lacking';

/**
 * Brings one image to nodes that lack it.
 * @param nodes their names; undefined: nobody knows them
 * @throws SLIPWAY_E_LOAD, SLIPWAY_E_TOOL_MISSING, SLIPWAY_E_CANCELLED,
 *   SLIPWAY_E_IMAGE_NOT_FOUND, SLIPWAY_E_DOCKER_FAILED
 */
export async function loadImage(
  image: LoadImage,
  nodes: readonly string[] | undefined,
  load: Load,
  systems: LoadSystems,
): Promise<void> {
  const used = namesIn(load.argv);
  const { context } = systems.cluster;
  if (used.has('NODE') && !nodes) throw noNodes(context);
  const cluster = load.cluster ?? clusterOf(context);
  if (used.has('CLUSTER') && cluster === undefined) {
    throw noClusterName(context);
  }
  const ref = formatReference(image.ref);
  const variables: Variables = {
    IMAGE: ref,
    CONTEXT: context,
    CLUSTER: cluster,
    ADDRESS: load.address,
  };
  const run = (more: Partial<Variables>) =>
    runAll(load, { ...variables, ...more }, nodes, systems);
  if (!used.has('ARCHIVE')) return run({});
  await withArchive(ref, systems, (ARCHIVE) => run({ ARCHIVE }));
}

/** Once for each node where the command names one; else once. */
async function runAll(
  { argv }: Load,
  variables: Variables,
  nodes: readonly string[] | undefined,
  systems: LoadSystems,
): Promise<void> {
  const where = namesIn(argv).has('NODE') && nodes ? nodes : [undefined];
  // All of them end before an error is told: none is left running behind it.
  const ends = await Promise.allSettled(
    where.map((NODE) =>
      runOne(expand(argv, { ...variables, NODE }), systems, {
        ref: variables.IMAGE,
        place: NODE ?? `the nodes of ${variables.CONTEXT}`,
      }),
    ),
  );
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}

async function runOne(
  argv: readonly string[],
  { docker, env, dir, reporter, secrets, signal }: LoadSystems,
  { ref, place }: { readonly ref: string; readonly place: string },
): Promise<void> {
  await runTool({
    argv,
    dir,
    // The Docker that has the image, whatever the shell's own is.
    env: { ...env, ...docker.env },
    doing: `loading ${ref} into ${place}`,
    code: 'SLIPWAY_E_LOAD',
    hint: 'Try that command by hand. The option load says what is run.',
    reporter,
    secrets,
    signal,
  });
}
