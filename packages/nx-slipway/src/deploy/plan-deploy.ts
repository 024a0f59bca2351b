import { hasFinished, reportOf } from './apply';
import {
  absent,
  namespaceStates,
  targetOf,
  type Later,
  type Target,
} from './desired';
import { inParallel } from './in-parallel';
import { EMPTY, InventoryStore, ownerInWords } from './inventory';
import { claimOf, type LiveObject } from './live';
import { listRelated, touchedOf, touchedReport } from './live-pods';
import { whyPodAnew } from './live-update';
import { groupOf } from './object-name';
import { planTarget } from './plan-target';
import { fateReport, planPrune } from './prune';
import { survey, want, type Wanted } from './survey';
import type {
  DeployOptions,
  DeployPlan,
  DeploySet,
  DeploySystems,
  ObjectReport,
} from './types';

/**
 * What deploySet would do, and nothing is changed: not even the Lease is taken.
 * What it would refuse is in the plan, object by object.
 * @throws SLIPWAY_E_MANIFEST, SLIPWAY_E_OPTION_INVALID, SLIPWAY_E_SET_CLAIMED,
 *   and as Cluster.request
 */
export async function planDeploy(
  set: DeploySet,
  options: DeployOptions,
  systems: DeploySystems,
): Promise<DeployPlan> {
  const { cluster } = systems;
  const wanted = await want(set, options, systems);
  const { place, targets, later, unknown } = wanted;
  const states = await namespaceStates(wanted.namespaces, systems);
  const away = new Set(absent(states));
  const inventory = await new InventoryStore(cluster, place).read();
  const { live, members } = await survey(wanted, inventory, systems);
  const isLocal = options.isLocal ?? cluster.isLocal;
  const there = targets.filter(({ key }) => live.has(key));
  const listing = listRelated(there, systems);
  // Told when it is asked for.
  listing.catch(() => undefined);
  const context = { options, systems, isLocal, whyAnew: whyPodAnew };
  const applied = await inParallel(targets, async (target) => {
    const object = live.get(target.key);
    return (
      withoutNamespace(target, away, wanted, options) ??
      (object && (await claimed(target, object, wanted, systems))) ??
      (!object && hasFinished(target, inventory ?? EMPTY)
        ? reportOf(target, 'finished')
        : planTarget(target, object, context))
    );
  });
  const relatedIn = await listing;
  const planned = applied.map((report, at) => {
    const target = targets[at];
    const object = target && live.get(target.key);
    const touched =
      target && object && touchedOf(target, object, report, relatedIn);
    return touched ? touchedReport(report, touched) : report;
  });
  const soon = later.map((each) => comingTarget(each, wanted));
  const desired = new Set([...targets, ...soon].map(({ key }) => key));
  const pruned = options.prune ? planPrune(members, desired, options) : [];
  return {
    objects: [
      ...planned,
      ...soon.map((target) =>
        reportOf(target, 'created', { reason: 'its kind is made first' }),
      ),
      ...unknown.map(({ object }) => ({
        action: 'refused' as const,
        ...named(object, set.namespace),
        reason: `the cluster does not know ${object.kind} of ${object.apiVersion}`,
      })),
      ...pruned.map((fate) => fateReport(fate, 'pruned')),
    ],
  };
}

/** A dry run cannot be made in a namespace that is not there yet. */
function withoutNamespace(
  target: Target,
  away: ReadonlySet<string>,
  { targets }: Wanted,
  { createNamespace }: DeployOptions,
): ObjectReport | undefined {
  const { namespace } = target;
  if (namespace === undefined || !away.has(namespace)) return undefined;
  const isInSet = targets.some(
    ({ groupKind, name }) => groupKind === 'Namespace' && name === namespace,
  );
  return isInSet || createNamespace
    ? reportOf(target, 'created', { reason: 'its namespace is made first' })
    : reportOf(target, 'refused', {
        reason: `the namespace ${namespace} is not there`,
      });
}

async function claimed(
  target: Target,
  object: LiveObject,
  { place }: Wanted,
  { cluster }: DeploySystems,
): Promise<ObjectReport | undefined> {
  const claim = claimOf(object, place);
  if (claim === undefined) return undefined;
  const namespace = target.namespace ?? place.namespace;
  const owner = await ownerInWords(cluster, claim, namespace);
  return reportOf(target, 'refused', { reason: `it is of ${owner}` });
}

/** Of a kind that is not there yet: all but how the API will call it. */
function comingTarget(
  { manifest, coming: { namespaced = true } }: Later,
  { place }: Wanted,
): Target {
  const { apiVersion, kind } = manifest.object;
  const group = groupOf(apiVersion);
  const resource = { group, version: '', kind, plural: '', namespaced };
  return targetOf(manifest, resource, place);
}

function named(
  { apiVersion, kind, metadata }: Target['object'],
  fallback: string,
) {
  const { name, namespace = fallback } = metadata;
  return { apiVersion, kind, namespace, name };
}
