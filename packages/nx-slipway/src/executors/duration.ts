import { SlipwayError } from '../report';

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
/** Longer ones overflow Node's timers, which then fire at once. */
const MAX_MS = 2 ** 31 - 1;

/**
 * A number is seconds; a string has a unit: `500ms`, `90s`, `5m`, `1h`.
 * @returns milliseconds, > 0
 * @throws SLIPWAY_E_OPTION_INVALID
 */
export function parseDuration(value: number | string, option: string): number {
  const parts = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(String(value).trim());
  const ms = Number(parts?.[1]) * (UNIT_MS[parts?.[2] ?? 's'] ?? NaN);
  if (ms > 0 && ms <= MAX_MS) return ms;
  throw new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `${option} is "${value}", which is no duration.`,
    hint: 'A number is seconds; "90s", "5m" and "1h" are fine too, up to 24 days.',
  });
}
