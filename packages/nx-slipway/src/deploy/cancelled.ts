import { SlipwayError } from '../report';

/** @throws SLIPWAY_E_CANCELLED */
export function assertNotCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled();
}

export function cancelled(): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_CANCELLED',
    message: 'the run was cancelled.',
  });
}
