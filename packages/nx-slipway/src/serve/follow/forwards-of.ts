import type { KubeObject } from '../../manifest';
import { selectorOf, serviceFields, tcpPortsOf } from './service-fields';

/** One port of this machine that leads to pods. */
export interface Forward {
  /** `deployment/web`, `service/web`, `pod/x`, or a name alone. */
  readonly object: string;
  /** On this machine. */
  readonly port: number;
  /**
   * Of a Service: its port, or the name of one. Else the container's, or the name
   * of one. None: the same as `port`; if there is none of that number, and only
   * one that is declared at all, that one.
   */
  readonly containerPort?: number | string;
}

/** As the option `portForwards` has it. */
export type ForwardsOption = boolean | readonly Forward[];

const FIRST_UNPRIVILEGED = 1024;
/** So that 80 is 8080, and 443 is 8443. */
const PRIVILEGED_AT = 8000;
const LAST_PORT = 65_535;

/**
 * What is to be forwarded: what is declared; for `true` each TCP port of each
 * Service that has a selector, at the same port of this machine. One below 1024,
 * which not everybody may open, is 8000 higher, and one that another Service has
 * already is at the next that is free. The order of the Services decides.
 */
export function forwardsOf(
  option: ForwardsOption,
  services: readonly KubeObject[],
): readonly Forward[] {
  if (typeof option !== 'boolean') return option;
  if (!option) return [];
  const taken = new Set<number>();
  return services.map(serviceFields).flatMap((service) => {
    if (!selectorOf(service)) return [];
    return tcpPortsOf(service).map(({ port: containerPort }) => {
      const port = freePort(containerPort, taken);
      const object = `service/${service.metadata.name}`;
      return { object, port, containerPort };
    });
  });
}

function freePort(wanted: number, taken: Set<number>): number {
  let port = wanted < FIRST_UNPRIVILEGED ? wanted + PRIVILEGED_AT : wanted;
  while (taken.has(port) && port < LAST_PORT) port++;
  taken.add(port);
  return port;
}
