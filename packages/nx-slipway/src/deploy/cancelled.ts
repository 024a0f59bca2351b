import { cancelled } from '../cluster';

export { cancelled };

/** @throws SLIPWAY_E_CANCELLED */
export function assertNotCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled();
}
