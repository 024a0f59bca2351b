import { isImage, madeBy, optionsOf } from '../images';
import { fateOf } from '../others';
import type { Call } from '../read';
import type { Ledger } from './types';

/** What stands in a project of no other. */
const NOWHERE = '\0';
const BY_HAND =
  'If it is wanted, take it out of there and import again, or write by hand what it comes to.';

/**
 * Tells of a call that only a run makes, perhaps.
 * @param isMovable whether it would have been moved elsewhere
 */
export function unsure(call: Call, isMovable: boolean, ledger: Ledger): void {
  const fate = isMovable ? undefined : fateOf(call);
  // A message of Tilt's is one wherever it stands.
  if (fate?.isNeedless) {
    ledger.fate(call, fate);
    return;
  }
  const last = call.within.at(-1);
  if (!last) return;
  const { kind, place, text } = last;
  ledger.problem(
    call,
    `it stands in line ${place.line}, \`${text}\`: whether and how often it is made is known only when the Tiltfile runs`,
  );
  const made = madeBy(call);
  if (made && isImage(made) && made.problems.length === 0 && kind === 'if') {
    const options = optionsOf(made, NOWHERE);
    const target = { executor: 'nx-slipway:custom-build', options };
    ledger.todo(
      call,
      `If it is wanted, write it into the targets of its project: \`${JSON.stringify({ 'custom-build': target })}\`.`,
    );
    return;
  }
  ledger.todo(call, fate?.todo ?? BY_HAND);
}
