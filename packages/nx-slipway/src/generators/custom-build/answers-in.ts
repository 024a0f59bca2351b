import { SlipwayError } from '../../report';
import type { Recipe } from '../recipes';

/** A question that takes any text. */
const FREE = '^.*$';

/**
 * The answers of `--set NAME=VALUE`. Nx takes a single `--set` apart at its
 * commas, so what is no answer of its own belongs to the one before.
 * @throws SLIPWAY_E_OPTION_INVALID for what is no NAME=VALUE
 */
export function answersIn(
  set: readonly string[],
  { questions }: Recipe,
): Record<string, string> {
  const answers: Record<string, string> = {};
  let last: string | undefined;
  for (const text of set) {
    const [, name, value = ''] = /^([A-Za-z]\w*)=([^]*)$/.exec(text) ?? [];
    const before = questions.find((question) => question.name === last);
    const isNext =
      name === undefined ||
      (before?.pattern === FREE && !questions.some((q) => q.name === name));
    if (isNext && last !== undefined) {
      answers[last] = `${answers[last] ?? ''},${text}`;
    } else if (name === undefined) {
      throw new SlipwayError({
        code: 'SLIPWAY_E_OPTION_INVALID',
        message: `--set is "${text}".`,
        hint: `Write NAME=VALUE${questions.length > 0 ? `; this recipe asks for ${questions.map((q) => q.name).join(', ')}` : ''}.`,
      });
    } else {
      answers[name] = value;
      last = name;
    }
  }
  return answers;
}
