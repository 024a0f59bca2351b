import {
  isSuccess,
  resourcePath,
  type KubeAnswer,
  type KubeRequest,
} from '../../cluster';
import { SlipwayError } from '../../report';
import { isNamed, type Target } from '../desired';
import { propagationOf, waitUntilGone, type LiveObject } from '../live';
import { inWords } from '../object-name';
import { hasEnded } from './jobs';
import { fieldsIn } from './refusal';
import type { ApplyContext } from './context';

/** What is lost with them is made anew by what their manifest says. */
const WITHOUT_DATA = [
  'Job.batch',
  'Pod',
  'ReplicaSet.apps',
  'Deployment.apps',
  'DaemonSet.apps',
];

/** Whether an object may be deleted to change what cannot be changed in place. */
export function mayRecreate(
  target: Target,
  live: LiveObject,
  { options, isLocal }: Pick<ApplyContext, 'options' | 'isLocal'>,
): boolean {
  return (
    isNamed(target, options.recreate) ||
    (target.groupKind === 'Job.batch' && hasEnded(live)) ||
    (isLocal && WITHOUT_DATA.includes(target.groupKind))
  );
}

export function immutableError(
  target: Target,
  answer: KubeAnswer,
): SlipwayError {
  return notAnewError(target, `${fieldsIn(answer)} cannot be changed in place`);
}

/** @param why it should be made anew */
export function notAnewError(target: Target, why: string): SlipwayError {
  const { kind, groupKind, name, origin } = target;
  const entry = `${kind.toLowerCase()}/${name}`;
  const loss = WITHOUT_DATA.includes(groupKind)
    ? 'its pods are replaced, all at once'
    : 'what only it knows is lost';
  return new SlipwayError({
    code: 'SLIPWAY_E_IMMUTABLE',
    message: `${inWords(target)} (${origin}): ${why}`,
    hint: `--recreate=${entry} deletes it and makes it anew: ${loss}.`,
  });
}

/**
 * Deletes an object, its pods with it, and waits until it is gone.
 * @throws SLIPWAY_E_NOT_READY, SLIPWAY_E_SET_BUSY, and as Cluster.request
 */
export async function removeForGood(
  target: Target,
  live: LiveObject,
  { held, systems, options }: ApplyContext,
): Promise<void> {
  const { cluster } = systems;
  await held.assertHeld();
  const request: KubeRequest = {
    method: 'DELETE',
    path: resourcePath(target.resource, target),
    body: {
      propagationPolicy: propagationOf(target.groupKind),
      preconditions: { uid: live.metadata.uid },
    },
  };
  const answer = await cluster.request(request);
  if (answer.status === 404) return;
  if (!isSuccess(answer)) throw cluster.refusal(request, answer);
  const { timeout } = options;
  await waitUntilGone([{ ...target, object: live }], { timeout }, systems);
}
