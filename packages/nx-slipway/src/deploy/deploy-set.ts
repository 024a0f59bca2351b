import { assertKnown } from './desired';
import { holdSet } from './lease';
import {
  listRelated,
  replaceTouched,
  type RelatedIn,
  type Renewed,
} from './live-pods';
import { whyPodAnew } from './live-update';
import { passOver } from './pass';
import { prepareNamespaces } from './prepare-namespaces';
import { openReadiness, type Readiness, type ReadyReport } from './readiness';
import { want } from './survey';
import type {
  DeployOptions,
  DeployReport,
  DeploySet,
  DeploySystems,
} from './types';

/**
 * Applies a manifest set, waits until it is ready, prunes what it had before
 * (design 2.6). Nobody else works on the set meanwhile.
 * @throws SLIPWAY_E_MANIFEST, SLIPWAY_E_OPTION_INVALID, SLIPWAY_E_KIND_UNKNOWN,
 *   SLIPWAY_E_NAMESPACE, SLIPWAY_E_SET_BUSY, SLIPWAY_E_SET_CLAIMED,
 *   SLIPWAY_E_FIELD_CONFLICT, SLIPWAY_E_IMMUTABLE, SLIPWAY_E_APPLY,
 *   SLIPWAY_E_NOT_READY, SLIPWAY_E_CANCELLED, and as Cluster.request
 */
export async function deploySet(
  set: DeploySet,
  options: DeployOptions,
  systems: DeploySystems,
): Promise<DeployReport> {
  const { cluster } = systems;
  const wanted = await want(set, options, systems);
  assertKnown(wanted.unknown, cluster);
  const { made } = await prepareNamespaces(wanted, options, systems);
  const held = await holdSet(wanted.place, options, systems);
  let readiness: Readiness | undefined;
  let listing: Promise<RelatedIn> | undefined;
  let ready: ReadyReport | undefined;
  try {
    const isLocal = options.isLocal ?? cluster.isLocal;
    const objects = await passOver(
      {
        ...{ wanted, made },
        follow: async (sent, live) => {
          if (!options.wait) {
            const there = sent.filter(({ key }) => live.has(key));
            listing = listRelated(there, systems);
            // Told when it is asked for.
            listing.catch(() => undefined);
            return;
          }
          const due = sent.map(({ object }) => object);
          readiness = await openReadiness(due, systems);
        },
        onApplied: (object) => readiness?.expect(object),
        renew: async (outcomes, context) => {
          const relatedIn = readiness?.relatedIn ?? (await listing);
          if (!relatedIn) return outcomes;
          const onRenewed = (renewed: Renewed) => readiness?.renewed(renewed);
          return replaceTouched(outcomes, { relatedIn, onRenewed }, context);
        },
        settle: async () => {
          ready = await readiness?.wait(options.timeout);
        },
      },
      { options, systems, held, isLocal, whyAnew: whyPodAnew },
    );
    return { objects, ready: ready?.objects ?? [] };
  } finally {
    readiness?.close();
    await held.release();
  }
}
