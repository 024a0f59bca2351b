import { BlockList, isIP } from 'node:net';
import { SlipwayError } from '../report';

export interface Proxies {
  /** '' for none; userinfo may be in it. */
  readonly http: string;
  readonly https: string;
  readonly no: string;
}

export const NO_PROXIES: Proxies = { http: '', https: '', no: '' };

/**
 * Lower case wins, as for curl and Go. A proxy without a scheme is one of HTTP.
 * @throws SLIPWAY_E_REGISTRY_UNREACHABLE if one of them is no URL
 */
export function proxiesOf(
  env: Readonly<Record<string, string | undefined>>,
): Proxies {
  const urlOf = (lower: string, upper: string) => {
    const value = env[lower] || env[upper] || '';
    if (value === '') return '';
    const url = value.includes('://') ? value : `http://${value}`;
    // Neither the value nor the error of URL is shown: passwords stand in it.
    if (!URL.canParse(url)) throw badProxy(upper);
    return url;
  };
  return {
    http: urlOf('http_proxy', 'HTTP_PROXY'),
    https: urlOf('https_proxy', 'HTTPS_PROXY'),
    no: env.no_proxy || env.NO_PROXY || '',
  };
}

/**
 * Whether NO_PROXY has a range of addresses that this one is in, as Docker and
 * Go read it (golang.org/x/net/http/httpproxy); undici reads names alone.
 * @param hostname of a URL: IPv6 stands in brackets
 * @param no `10.0.0.0/8,fd00::/8,example.com`; what is no range plays no role
 */
export function isInRangeOf(no: string, hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(address);
  if (family === 0 || !no.includes('/')) return false;
  const ranges = new BlockList();
  for (const entry of no.split(/[,\s]/)) {
    const [, net = '', bits = ''] = /^(.+)\/(\d{1,3})$/.exec(entry) ?? [];
    const of = isIP(net);
    const most = of === 6 ? 128 : 32;
    if (of === 0 || Number(bits) > most) continue;
    ranges.addSubnet(net, Number(bits), of === 6 ? 'ipv6' : 'ipv4');
  }
  return ranges.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

function badProxy(variable: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_REGISTRY_UNREACHABLE',
    message: `the environment variable ${variable} is not the URL of a proxy.`,
    hint: 'Write it as http://host:port, or unset it.',
  });
}
