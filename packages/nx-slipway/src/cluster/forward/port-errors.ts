import { SlipwayError, oneLine } from '../../report';
import { unreachable } from '../cluster-errors';
import type { Connection } from '../connection';
import type { PortErrors } from './pod-port';

const LONGEST = 300;

/** @param port of the pod */
export function portErrors(
  { target }: Pick<Connection, 'target'>,
  pod: string,
  port: number,
): PortErrors {
  return {
    lost: (cause) => unreachable(target, cause),
    said: (text) =>
      /connection refused/.test(text)
        ? new SlipwayError({
            code: 'SLIPWAY_E_CLUSTER_FAILED',
            message: `nothing listens at port ${port} of the pod ${pod} (connection refused).`,
            hint: 'Does the program in it listen there, at all addresses or at localhost? containerPort says where connections go.',
          })
        : new SlipwayError({
            code: 'SLIPWAY_E_CLUSTER_FAILED',
            message: `port ${port} of the pod ${pod} cannot be reached: ${oneLine(text).slice(0, LONGEST)}`,
          }),
  };
}
