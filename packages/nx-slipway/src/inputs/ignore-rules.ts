import dockerignore from '@balena/dockerignore';
import { SlipwayError } from '../report';

/** What dockerignore patterns leave out. */
export type IgnoreRules = ReturnType<typeof dockerignore>;

/**
 * @param patterns of dockerignore; empty ones and comments are none
 * @param where for the message: what holds them
 * @throws SLIPWAY_E_OPTION_INVALID naming the pattern that makes no sense
 */
export function ignoreRules(
  patterns: readonly string[],
  where: string,
): IgnoreRules {
  const each = patterns.map((pattern) => ruleOf(pattern, where));
  return dockerignore({ ignorecase: false }).add(each);
}

function ruleOf(pattern: string, where: string): IgnoreRules {
  const rule = dockerignore({ ignorecase: false }).add([pattern]);
  try {
    // The library reads a pattern no sooner than it is matched.
    rule.ignores('x');
    return rule;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new SlipwayError({
      code: 'SLIPWAY_E_OPTION_INVALID',
      message: `${where} has the pattern "${pattern}", which cannot be read.`,
      hint: 'A [ needs its ], and a range in it goes upwards. Write a backslash before a bracket or parenthesis of a file name: \\( is one.',
      cause: error,
    });
  }
}
