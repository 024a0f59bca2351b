import {
  canonicalName,
  formatReference,
  referenceIn,
  type ImageReference,
} from '../../image';
import { SlipwayError } from '../../report';
import type { SettledImage } from '../plan';
import type { Ended, EndedAt } from './settle';

/**
 * Both flags: the command has built in the cluster's own runtime (nerdctl,
 * kim), where this machine cannot look. The input hash stands in for the
 * content id.
 */
export async function settleInCluster(ended: EndedAt): Promise<SettledImage> {
  const { plan, systems, expected } = ended;
  if (plan.source.kind !== 'expected') {
    systems.reporter.warn(
      `the tag ${expected.tag} stays the same whatever is built, so pods are not replaced. Let the command build $EXPECTED_REF in place of the option tag.`,
    );
  }
  return trustInCluster(ended, expected);
}

/**
 * A ref that nobody can verify for certain: with `context` the nodes are asked
 * which images they have, and tell of the largest fifty some time later, so
 * that one they name is there, and one they do not name may be.
 */
export async function trustInCluster(
  { hash, systems, phases }: Ended,
  ref: ImageReference,
): Promise<SettledImage> {
  const { reporter } = systems;
  const shown = formatReference(ref);
  const isSeen = await phases.measure('verify', () => isOnNode(ref, systems));
  const why = systems.imagesOnNodes
    ? 'no node names it, but nodes name their fifty largest images alone, and late'
    : 'with disablePush and skipsLocalDocker nx-slipway cannot look there';
  reporter.info(
    isSeen
      ? `a node of the cluster has ${shown}`
      : `${shown} is trusted to be in the cluster's own runtime: ${why}.`,
  );
  return { contentId: hash, deployRef: { local: ref, cluster: ref } };
}

async function isOnNode(
  ref: ImageReference,
  { imagesOnNodes, reporter }: Ended['systems'],
): Promise<boolean> {
  if (!imagesOnNodes) return false;
  try {
    const names = await imagesOnNodes();
    return names.some((name) => isSame(name, ref));
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    reporter.warn(`the nodes could not be asked: ${error.message}`);
    return false;
  }
}

/** @param name as a node writes it, in full; untrusted */
function isSame(name: string, ref: ImageReference): boolean {
  const found = referenceIn(name);
  if (!found || canonicalName(found) !== canonicalName(ref)) return false;
  return ref.digest === undefined
    ? found.tag === ref.tag
    : found.digest === ref.digest;
}
