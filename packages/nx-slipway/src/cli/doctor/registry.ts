import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import type { DockerEngine, DockerInfo } from '../../docker';
import { mapToRegistry, parseReference, type Registry } from '../../image';
import {
  isLoopback,
  type CredentialSource,
  type RegistryClient,
} from '../../registry';
import { formatDuration } from '../../report';
import { isLocal } from './docker';
import { fail, ok, skip, warn, type Finding } from './finding';

/** The registry in force, and who said so. */
export interface ChosenRegistry {
  readonly registry: Registry;
  /** For people: `--registry`, `nx.json`. */
  readonly source: string;
}

const NONE = skip('no registry is set: images stay in Docker');
/** Always the same bytes, so that a registry never holds more than one. */
const BLOB = Buffer.from('nx-slipway doctor was here\n');
const NAME = 'nx-slipway-doctor';

/** Pushes a blob and reads it back. It cannot be deleted everywhere: it stays. */
export async function checkRegistry(
  chosen: ChosenRegistry | undefined,
  connect: (host: string, registry: Registry) => RegistryClient,
): Promise<Finding> {
  if (!chosen) return NONE;
  const { registry, source } = chosen;
  const { domain, path } = mapToRegistry(parseReference(NAME), registry).local;
  const client = connect(domain, registry);
  const start = performance.now();
  const digest = await client.putBlob(path, BLOB);
  const bytes = await client.getBlob(path, digest);
  const took = formatDuration(performance.now() - start);
  const there = `${registry.host} (${source}, ${schemeOf(registry)})`;
  if (bytes?.equals(BLOB)) {
    return ok(`${there}: pushed to and pulled from ${path} in ${took}`);
  }
  return fail(
    `${there}: what was pushed to ${path} cannot be pulled.`,
    'See the log of the registry; a proxy in front of it may answer alone.',
  );
}

function schemeOf({ host, insecure, caFile }: Registry): string {
  if (insecure) return 'HTTPS or HTTP, insecure is set';
  if (caFile) return `HTTPS, trusting ${caFile}`;
  return isLoopback(hostOf(host)) ? 'loopback, HTTP is fine' : 'HTTPS';
}

/** Docker pushes by its own rules, whatever ours are. */
export async function checkRegistryInDocker(
  chosen: ChosenRegistry | undefined,
  docker: Pick<DockerEngine, 'address'>,
  info: Promise<DockerInfo>,
): Promise<Finding> {
  if (!chosen) return NONE;
  const { registry } = chosen;
  const host = hostOf(registry.host);
  const { insecureRegistries } = await info;
  if (isLoopback(host) && !isLocal(docker)) {
    return warn(
      `Docker runs at ${docker.address}, where ${host} is another machine's.`,
      'Use a host name that both reach, or forward the port there.',
    );
  }
  if (await isInsecure(host, insecureRegistries)) {
    return ok(`Docker takes plain HTTP of ${host}`);
  }
  if (registry.insecure || isLoopback(host)) {
    return warn(
      `Docker insists on HTTPS that it can verify for ${host}, and will not push if there is none.`,
      `Add "insecure-registries": ["${host}"] to Docker's daemon.json and restart it.`,
    );
  }
  const certificates = registry.caFile
    ? `; it must trust it by /etc/docker/certs.d/${host}/ca.crt`
    : '';
  return ok(`Docker would speak HTTPS to ${host}${certificates}`);
}

/** Whose values are never shown, and where they come from always. */
export async function checkCredentials(
  chosen: ChosenRegistry | undefined,
  credentials: CredentialSource,
): Promise<Finding> {
  if (!chosen) return NONE;
  const host = hostOf(chosen.registry.host);
  const found = await credentials.credentialsFor(host);
  return found
    ? ok(`for ${host} from ${found.source}`)
    : ok(`none for ${host}: it is spoken to as nobody`);
}

function hostOf(host: string): string {
  return host.split('/')[0] ?? host;
}

/**
 * As Docker decides it: the host is listed with its port, or an address of it
 * is in a network that is.
 * @param listed hosts and networks in CIDR notation
 */
export async function isInsecure(
  host: string,
  listed: readonly string[],
): Promise<boolean> {
  if (listed.includes(host)) return true;
  const networks = new BlockList();
  for (const each of listed) {
    const [address = '', bits] = each.split('/');
    const version = isIP(address);
    if (bits === undefined || version === 0) continue;
    networks.addSubnet(address, Number(bits), family(version));
  }
  const addresses = await addressesOf(
    host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1'),
  );
  return addresses.some((address) =>
    networks.check(address, family(isIP(address))),
  );
}

async function addressesOf(name: string): Promise<string[]> {
  if (isIP(name) !== 0) return [name];
  try {
    return (await lookup(name, { all: true })).map(({ address }) => address);
  } catch {
    // A name that nobody knows is in no network; the registry's check says so.
    return [];
  }
}

function family(version: number): 'ipv4' | 'ipv6' {
  return version === 6 ? 'ipv6' : 'ipv4';
}
