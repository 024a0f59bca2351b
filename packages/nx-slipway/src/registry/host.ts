import type { Registry } from '../image';
/** Images of `docker.io` are served from here. */
const DOCKER_HUB_API = 'registry-1.docker.io';

/** Where the API of a registry is. @param host `host[:port]` */
export function apiHost(host: string): string {
  return host === 'docker.io' ? DOCKER_HUB_API : host;
}

/**
 * Whether a URL leads to that host. URLs have neither capitals in it nor the
 * port that their scheme implies: `https://REG.io:443` is at `reg.io`.
 * @param host `host[:port]`
 */
export function isAt(url: URL, host: string): boolean {
  return new URL(`${url.protocol}//${host}`).host === url.host;
}

/** Loopback by name or address, with or without a port (IPv6 in brackets). */
export function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '[::1]' ||
    /^127(?:\.\d{1,3}){3}$/.test(name)
  );
}

/** What a registry option says of trust holds for that option's host alone. */
export function trustIn(
  host: string,
  registry: Registry | undefined,
): Pick<Registry, 'insecure' | 'caFile'> {
  const isOwn = registry?.host.split('/')[0] === host;
  return isOwn ? registry : { insecure: false, caFile: '' };
}
