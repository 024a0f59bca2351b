import { SlipwayError } from '../../report';
import { inWords, type ObjectName } from '../object-name';
import type { Outcome } from './outcome';

const MAX_NAMES = 10;

/**
 * What stops a deploy in the middle: each object that was refused, one a line,
 * then which are applied and which are not. One code if all are refused for one
 * reason, else SLIPWAY_E_APPLY.
 */
export function refusedError(
  outcomes: readonly Outcome[],
  left: readonly ObjectName[],
): SlipwayError {
  const errors = outcomes.flatMap(({ error }) => (error ? [error] : []));
  const codes = [...new Set(errors.map(({ code }) => code))];
  const hints = [...new Set(errors.flatMap(({ hint }) => hint ?? []))];
  const [only] = errors;
  const text =
    only && errors.length === 1
      ? `${only.message}.`
      : `${errors.length} objects were refused:\n${errors.map(({ message }) => `    ${message}`).join('\n')}`;
  return new SlipwayError({
    code: (codes.length === 1 && codes[0]) || 'SLIPWAY_E_APPLY',
    message: `${text}${progress(outcomes, left)}`,
    hint: [
      ...hints,
      'What is applied stays; the next run goes on from there.',
    ].join('\n        '),
    cause: only,
  });
}

/**
 * The same for what ended the whole run: a cancel, a cluster that went away.
 * What had been refused by then is told, too.
 */
export function stoppedError(
  error: unknown,
  outcomes: readonly Outcome[],
  left: readonly ObjectName[],
): unknown {
  if (!(error instanceof SlipwayError)) return error;
  const { code, message, hint } = error;
  const refused = outcomes.flatMap((each) => each.error?.message ?? []);
  const lines = refused.map((line) => `\n  refused: ${line}`).join('');
  return new SlipwayError({
    code,
    message: `${message}${lines}${progress(outcomes, left)}`,
    hint,
    cause: error,
  });
}

function progress(outcomes: readonly Outcome[], left: readonly ObjectName[]) {
  const applied = outcomes.filter(({ object }) => object);
  return [
    listed(
      'applied',
      applied.map(({ target }) => target),
    ),
    listed('not applied', left),
  ].join('');
}

function listed(word: string, names: readonly ObjectName[]): string {
  if (names.length === 0) return '';
  const shown = names.slice(0, MAX_NAMES).map(inWords).join(', ');
  const more = names.length - MAX_NAMES;
  return `\n  ${word}: ${shown}${more > 0 ? ` and ${more} more` : ''}`;
}
