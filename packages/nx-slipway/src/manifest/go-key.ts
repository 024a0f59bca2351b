import { NOT_FINITE, floatIn, int64In, resolvePlain } from './go-scalar';

/**
 * The text that a plain scalar is as a key, by sigs.k8s.io/yaml: integers in
 * decimal, floats as Go's %g has them with 32 bits.
 * @returns null for a null, which is no key
 * @throws ScalarError
 */
export function plainKey(text: string): string | null {
  if (NOT_FINITE.test(text)) return text.toLowerCase().replace('+', '');
  if (/^[-+.0-9]/.test(text)) {
    const integer = int64In(text);
    if (integer !== undefined) return `${integer}`;
    const float = floatIn(text);
    return float === undefined ? text : formatFloat32(float);
  }
  const value = resolvePlain(text);
  return value === null ? null : `${value as string | boolean}`;
}

/** strconv.FormatFloat(value, 'g', -1, 32) */
function formatFloat32(value: number): string {
  const single = Math.fround(value);
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf';
  if (single === 0) return Object.is(single, -0) ? '-0' : '0';
  const [digits = '', exponent = ''] = shortest(single).split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return `${Number(`${digits}e${power}`)}`;
  const sign = power < 0 ? '-' : '+';
  return `${digits}e${sign}${`${Math.abs(power)}`.padStart(2, '0')}`;
}

/** With as few digits as tell it from any other number of 32 bits. */
function shortest(single: number): string {
  for (let digits = 0; digits < 9; digits++) {
    const text = single.toExponential(digits);
    if (Math.fround(Number(text)) === single) return text;
  }
  return single.toExponential(8);
}
