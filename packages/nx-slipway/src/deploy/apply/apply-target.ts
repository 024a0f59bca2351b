import { isSuccess, type KubeAnswer, type KubeRequest } from '../../cluster';
import { SlipwayError, hasCode } from '../../report';
import type { Target } from '../desired';
import { conflictInWords, fieldConflicts, isSettled } from '../fields';
import { readLive, waitUntilGone, type LiveObject } from '../live';
import { inWords } from '../object-name';
import type { ApplyContext } from './context';
import { isToRunAgain } from './jobs';
import { changeReport, refused, reportOf, type Outcome } from './outcome';
import {
  immutableError,
  mayRecreate,
  notAnewError,
  removeForGood,
} from './recreate';
import { isImmutable, refusalOf } from './refusal';
import { applyRequest, takeOverRequest } from './send-object';

/** Somebody else writes the object all the time, or its kind comes just now. */
const MAX_TRIES = 5;

/**
 * Applies one object: takes it over if need be, makes it anew if it must be.
 * What the server has against it is its outcome, not an error.
 * @param live as it was just now; undefined: it is not there
 * @throws SLIPWAY_E_SET_BUSY, and as Cluster.request
 */
export async function applyTarget(
  target: Target,
  live: LiveObject | undefined,
  context: ApplyContext,
): Promise<Outcome> {
  try {
    if (live?.metadata.deletionTimestamp !== undefined) {
      await waitForEnd(target, live, context);
      return await apply(target, undefined, context);
    }
    if (live && isToRunAgain(target, context.options)) {
      return await remake(target, live, 'it was to run again', context);
    }
    const why = live && context.whyAnew?.(target, live);
    if (live && why !== undefined) {
      if (mayRecreate(target, live, context)) {
        return await remake(target, live, why, context);
      }
      return refused(target, notAnewError(target, why));
    }
    if (live && isSettled(target.object, live)) {
      return { target, object: live, report: reportOf(target, 'unchanged') };
    }
    return await apply(target, live, context);
  } catch (error) {
    if (!hasCode(error, 'SLIPWAY_E_NOT_READY')) throw error;
    return refused(target, error);
  }
}

async function apply(
  target: Target,
  live: LiveObject | undefined,
  context: ApplyContext,
): Promise<Outcome> {
  const { cluster } = context.systems;
  if (live) {
    const failure = await takeOverPatiently(target, live, context);
    if (failure) return failure;
  }
  const { request, answer } = await send(target, context);
  if (isSuccess(answer)) {
    const object = answer.body as LiveObject;
    if (object.metadata.deletionTimestamp === undefined) {
      return { target, object, report: changeReport(target, live, object) };
    }
    // It was being deleted since it was looked at, and goes all the same.
    await waitForEnd(target, object, context);
    return apply(target, undefined, context);
  }
  if (!live || !isImmutable(answer)) {
    return refused(target, refusalOf(target, request, answer, cluster));
  }
  if (!mayRecreate(target, live, context)) {
    return refused(target, immutableError(target, answer));
  }
  const reason = 'what changed in it cannot be changed in place';
  return remake(target, live, reason, context);
}

/** @returns the outcome, if it could not be taken over */
async function takeOverPatiently(
  target: Target,
  live: LiveObject,
  { held, systems: { cluster } }: ApplyContext,
): Promise<Outcome | undefined> {
  let now: LiveObject | undefined = live;
  for (let tries = 1; now; tries++) {
    const request = takeOverRequest(target, now);
    if (!request) return undefined;
    await held.assertHeld();
    const answer = await cluster.request(request);
    if (isSuccess(answer) || answer.status === 404) return undefined;
    if (answer.status !== 409 || tries === MAX_TRIES) {
      return refused(target, refusalOf(target, request, answer, cluster));
    }
    now = await readLive(target, cluster);
  }
  return undefined;
}

async function remake(
  target: Target,
  live: LiveObject,
  reason: string,
  context: ApplyContext,
): Promise<Outcome> {
  await removeForGood(target, live, context);
  const outcome = await apply(target, undefined, context);
  if (outcome.error) return refused(target, deleted(outcome.error));
  return { ...outcome, report: reportOf(target, 'recreated', { reason }) };
}

/** It is gone, and must not be thought to be as it was. */
function deleted({ code, message, hint }: SlipwayError): SlipwayError {
  return new SlipwayError({
    code,
    message: `${message}; it was deleted to be made anew, and is not there`,
    hint,
  });
}

/** A conflict of versions, unlike one of fields, is over the next moment. */
async function send(
  target: Target,
  context: ApplyContext,
): Promise<{ readonly request: KubeRequest; readonly answer: KubeAnswer }> {
  const { held, options, overrules, systems } = context;
  let force = options.forceConflicts;
  for (let tries = 1; ; tries++) {
    const request = applyRequest(target, { force });
    await held.assertHeld();
    const answer = await systems.cluster.request(request);
    const conflicts = fieldConflicts(answer.body);
    const isOvertaken = answer.status === 409 && conflicts.length === 0;
    const isOverruled =
      conflicts.length > 0 && !force && overrules?.(target, conflicts);
    const isAgain = isOvertaken || isOverruled;
    if (!isAgain || tries === MAX_TRIES) return { request, answer };
    if (!isOverruled) continue;
    force = true;
    systems.reporter.info(
      `${inWords(target)}: ${conflicts.map(conflictInWords).join(', ')}, and is taken back`,
    );
  }
}

async function waitForEnd(
  target: Target,
  object: LiveObject,
  { systems, options: { timeout } }: ApplyContext,
): Promise<void> {
  systems.reporter.info(
    `${inWords(target)} is being deleted; waiting for its end`,
  );
  await waitUntilGone([{ ...target, object }], { timeout }, systems);
}
