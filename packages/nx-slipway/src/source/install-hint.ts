import { SlipwayError, hasCode } from '../report';

export function isMissing(error: unknown): error is SlipwayError {
  return hasCode(error, 'SLIPWAY_E_TOOL_MISSING');
}

/** Says of a program that is missing where it is to be had. */
export function installHint(program: string, url: string) {
  return (error: unknown): never => {
    if (!isMissing(error)) throw error;
    const { code, message } = error;
    throw new SlipwayError({
      code,
      message,
      hint: `Install ${program} (${url}), or put its folder on the PATH.`,
      cause: error,
    });
  };
}
