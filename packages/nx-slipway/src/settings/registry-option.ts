import {
  canonicalName,
  referenceIn,
  type Naming,
  type Registry,
} from '../image';
import { assertKnownOptions } from '../report';
import { invalid } from './invalid';

/** A registry as users write it; a string is the host alone. */
export type RegistryOption =
  | string
  | {
      host: string;
      hostFromCluster?: string;
      singleName?: string;
      naming?: Naming;
      /** HTTP, or TLS that nobody vouches for, is all right there. */
      insecure?: boolean;
      /** PEM certificates to trust there; relative to the workspace root. */
      caFile?: string;
    };

/** The names of `RegistryOption`. */
export const REGISTRY_OPTIONS: readonly string[] = [
  'host',
  'hostFromCluster',
  'singleName',
  'naming',
  'insecure',
  'caFile',
];
/**
 * @param where for the message: which option this is
 * @throws SLIPWAY_E_OPTION_INVALID
 */
export function parseRegistry(
  option: RegistryOption | undefined,
  where: string,
): Registry | undefined {
  if (option === undefined || option === '') return undefined;
  const given = typeof option === 'string' ? { host: option } : option;
  assertKnownOptions(Object.keys(given), REGISTRY_OPTIONS, where);
  const { host, hostFromCluster = host, singleName = '' } = given;
  for (const side of [host, hostFromCluster]) assertHost(side, where);
  if (singleName !== '' && !isRepository(host, singleName)) {
    throw invalid(
      `singleName of ${where} is "${singleName}", which is no repository`,
      'Write it as path[/path], in lower case and without a tag.',
    );
  }
  const naming = given.naming ?? 'escape';
  if (naming !== 'escape' && naming !== 'preserve') {
    throw invalid(
      `naming of ${where} is "${String(naming)}"`,
      'It is escape or preserve.',
    );
  }
  const { insecure = false, caFile = '' } = given;
  if (typeof insecure !== 'boolean' || typeof caFile !== 'string') {
    throw invalid(
      `insecure or caFile of ${where} has the wrong type`,
      'insecure is true or false, caFile a path.',
    );
  }
  return { host, hostFromCluster, singleName, naming, insecure, caFile };
}

function assertHost(host: unknown, where: string): void {
  const hint =
    'Write it as host[:port][/path], for example localhost:5000, without http://.';
  if (typeof host !== 'string' || host === '') {
    throw invalid(`${where} has no host`, hint);
  }
  // Only what Docker reads as a host is one: it has a dot, a port, or is localhost.
  // A name can be in order whose port or address is none: localhost:99999.
  if (isRepository(host, 'name') && URL.canParse(`https://${host}`)) return;
  throw invalid(`${where} is "${host}", which is no registry host`, hint);
}

/** Whether `host/path` is a name in full, as it stands. */
function isRepository(host: string, path: string): boolean {
  const parsed = referenceIn(`${host}/${path}`);
  return parsed !== undefined && canonicalName(parsed) === `${host}/${path}`;
}
