import { SlipwayError } from '../report';

/** An option that cannot mean anything. @param what without a full stop */
export function invalid(what: string, hint: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `${what}.`,
    hint,
  });
}
