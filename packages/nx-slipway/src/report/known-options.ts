import { nearest } from './nearest';
import { SlipwayError } from './slipway-error';

/**
 * A misspelt option would otherwise be no option at all.
 * @param where for the message: whose options these are
 * @throws SLIPWAY_E_OPTION_UNKNOWN
 */
export function assertKnownOptions(
  names: readonly string[],
  known: readonly string[],
  where: string,
): void {
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new SlipwayError({
    code: 'SLIPWAY_E_OPTION_UNKNOWN',
    message: `${where} has no option ${unknown.map((name) => `"${name}"`).join(', ')}.`,
    hint: `${meant(unknown, known)}The options are ${known.join(', ')}.`,
  });
}

function meant(unknown: readonly string[], known: readonly string[]): string {
  const near = unknown.flatMap((name) => nearest(name, known) ?? []);
  return near.length > 0 ? `Did you mean ${near.join(', ')}? ` : '';
}
