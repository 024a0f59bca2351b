import { SlipwayError, oneLine } from '../../report';
import { cancelled, unreachable } from '../cluster-errors';
import type { Connection } from '../connection';
import type { Status } from './status';

/** What is said of a command of which it is not known how it ended. */
export interface ExecErrors {
  readonly lost: (cause: Error) => SlipwayError;
  readonly closed: () => SlipwayError;
  readonly said: (status: Status) => SlipwayError;
}

const LONGEST = 500;
/** What Kubernetes and containerd wrap runc's reason into; ids are in it. */
const WRAPPING = /^.*unable to start container process: |: unknown$/g;

export function execErrors(
  { target }: Pick<Connection, 'target'>,
  pod: string,
  container: string,
): ExecErrors {
  return {
    lost: (cause) => unreachable(target, cause),
    closed: cancelled,
    said: ({ message = 'no reason given' }) => {
      const why = oneLine(message).replace(WRAPPING, '').slice(0, LONGEST);
      return new SlipwayError({
        code: 'SLIPWAY_E_CLUSTER_FAILED',
        message: `no command has run to its end in the container ${container} of the pod ${pod}: ${why}.`,
      });
    },
  };
}
