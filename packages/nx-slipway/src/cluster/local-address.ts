import { BlockList, isIP } from 'node:net';

/** The names by which local products call this machine, or their own. */
const LOCAL_NAMES: ReadonlySet<string> = new Set([
  'localhost',
  'host.docker.internal',
  'gateway.docker.internal',
  'kubernetes.docker.internal',
  'host.minikube.internal',
  'control-plane.minikube.internal',
  'host.k3d.internal',
  'host.lima.internal',
  'host.rancher-desktop.internal',
  'host.orb.internal',
  'host.containers.internal',
  'api.crc.testing',
]);

/** Addresses that are this machine's, or of a network nobody routes to. */
const LOCAL_ADDRESSES = localAddresses();

function localAddresses(): BlockList {
  const list = new BlockList();
  // k3d writes 0.0.0.0, where a connection reaches this machine.
  list.addAddress('0.0.0.0');
  list.addSubnet('127.0.0.0', 8);
  // RFC 1918
  list.addSubnet('10.0.0.0', 8);
  list.addSubnet('172.16.0.0', 12);
  list.addSubnet('192.168.0.0', 16);
  // RFC 3927, RFC 4291, RFC 4193
  list.addSubnet('169.254.0.0', 16);
  list.addAddress('::', 'ipv6');
  list.addAddress('::1', 'ipv6');
  list.addSubnet('fe80::', 10, 'ipv6');
  list.addSubnet('fc00::', 7, 'ipv6');
  return list;
}

/**
 * Whether a server is at a loopback or private address, or at a name that
 * only a local product gives. Other names are not resolved: what they resolve
 * to is the choice of whoever runs the name server.
 * @param server a URL
 */
export function isLocalServer(server: string): boolean {
  if (!URL.canParse(server)) return false;
  // Parsed as the request itself is, so that no spelling means two hosts.
  const { hostname } = new URL(server);
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const family = isIP(host);
  if (family === 0) return LOCAL_NAMES.has(host);
  return LOCAL_ADDRESSES.check(host, family === 6 ? 'ipv6' : 'ipv4');
}
