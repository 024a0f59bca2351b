import { foreignText } from '../../report';
import type { Fault } from '../events';

import type { Paint } from './paint';

/** How build/command begins what it quotes. */
const QUOTE = / Its last lines:$/;

/**
 * An error below the line that tells of it.
 * @param shown what stands right above: where the message ends with the same
 *   lines, it ends without them
 */
export function faultLines(
  { code, message, hint }: Fault,
  paint: Paint,
  shown: readonly string[] = [],
): string[] {
  const clean = (line: string) => foreignText(line, paint.isOn);
  const text = withoutShown(message.split('\n').map(clean), shown);
  const [first = '', ...others] = text;
  return [
    code === undefined ? first : `${paint.bad(code)}: ${first}`,
    ...others,
    ...(hint === undefined ? [] : [`hint: ${clean(hint)}`]),
  ].map((line) => `  ${line}`);
}

function withoutShown(
  message: readonly string[],
  shown: readonly string[],
): readonly string[] {
  const [first = '', ...quoted] = message;
  const isShown =
    quoted.length > 0 &&
    quoted.every((line, index) => {
      const above = shown.at(index - quoted.length);
      return above !== undefined && above.trim() === line.trim();
    });
  return isShown ? [first.replace(QUOTE, '')] : message;
}
