import { hasCode } from '../../report';
import { ReceiverError } from './session';

/** What the API server says of a kubelet that it lost for a moment (tilt#5904). */
const BROKEN =
  /\bEOF\b|connection reset|connection refused|broken pipe|i\/o timeout/;

/** Whether it may well go at the next try, as it is. */
export function isPassing(error: unknown): boolean {
  if (error instanceof ReceiverError) {
    // Its stdin has ended, and nobody here has ended it.
    return error.failure.tool === undefined && error.failure.exitCode === 0;
  }
  if (hasCode(error, 'SLIPWAY_E_CLUSTER_UNREACHABLE')) return true;
  return (
    hasCode(error, 'SLIPWAY_E_CLUSTER_FAILED') && BROKEN.test(error.message)
  );
}
