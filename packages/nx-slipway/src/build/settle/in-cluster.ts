import { formatReference, type ImageReference } from '../../image';
import type { SettledImage } from '../plan';
import type { EndedAt } from './settle';

/**
 * Both flags: the command has built in the cluster's own runtime (nerdctl,
 * kim), where this machine cannot look. The ref is trusted, with a notice, and
 * the input hash stands in for the content id.
 */
export function settleInCluster({
  plan,
  systems,
  expected,
  hash,
}: EndedAt): SettledImage {
  const { reporter } = systems;
  reporter.info(trustedInCluster(expected));
  if (plan.source.kind !== 'expected') {
    reporter.warn(
      `the tag ${expected.tag} stays the same whatever is built, so pods are not replaced. Let the command build $EXPECTED_REF in place of the option tag.`,
    );
  }
  return {
    contentId: hash,
    deployRef: { local: expected, cluster: expected },
  };
}

export function trustedInCluster(ref: ImageReference): string {
  return `${formatReference(ref)} is trusted to be in the cluster's own runtime: with disablePush and skipsLocalDocker nx-slipway cannot look there.`;
}
