import { isSuccess, type KubeRequest } from '../../cluster';
import { SlipwayError } from '../../report';
import type { ApplyContext } from '../apply';
import { inParallel } from '../in-parallel';
import type { LiveObject } from '../live';
import { inWords } from '../object-name';
import { deletionOf, restartRequest } from './requests';
import { STAY, tookInWords, type Touched } from './touched';
import { wayOf } from './way';

/** What is not there any more, and what has come in its place. */
const GONE = [404, 409];

/** A workload that gets new pods. */
export interface Renewed {
  /** As it is now. */
  readonly object: LiveObject;
  /** What is deleted; none: it rolls out. */
  readonly deleted?: Pick<Touched, 'pods' | 'all'>;
}

type ReplaceContext = Pick<ApplyContext, 'systems' | 'held'>;

/**
 * Asks for new pods in the place of those that took a live update; nobody waits
 * for them here.
 * @returns undefined: it has gone meanwhile, or its pods stay, which is told
 * @throws SLIPWAY_E_SET_BUSY, and as Cluster.request
 */
export async function replacePods(
  touched: Touched,
  context: ReplaceContext,
): Promise<Renewed | undefined> {
  const { target, live, pods, all } = touched;
  switch (wayOf(target, live)) {
    case 'rollout': {
      const at = new Date().toISOString();
      const restart = restartRequest(target, live, at);
      const body = await send(restart, touched, context);
      return body ? { object: body as LiveObject } : undefined;
    }
    case 'deletion':
      await inParallel(pods, (pod) => send(deletionOf(pod), touched, context));
      return { object: live, deleted: { pods, all } };
    case 'none':
      context.systems.reporter.info(
        `${inWords(target)}: ${tookInWords(pods)}; ${STAY}`,
      );
      return undefined;
  }
}

async function send(
  request: KubeRequest,
  { target }: Touched,
  { held, systems: { cluster } }: ReplaceContext,
): Promise<unknown> {
  await held.assertHeld();
  const answer = await cluster.request(request);
  if (isSuccess(answer)) return answer.body;
  if (GONE.includes(answer.status)) return undefined;
  const { code, message, hint } = cluster.refusal(request, answer);
  throw new SlipwayError({
    code,
    message: `${inWords(target)}: its pods took live updates, and are not replaced: ${message}`,
    hint,
  });
}
