import { SlipwayError } from '../report';

/** What is wrong with the command line itself; `slipway` then ends with 2. */
export function usageError(message: string, hint: string): SlipwayError {
  return new SlipwayError({ code: 'SLIPWAY_E_USAGE', message, hint });
}
