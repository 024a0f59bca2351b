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

function badProxy(variable: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_REGISTRY_UNREACHABLE',
    message: `the environment variable ${variable} is not the URL of a proxy.`,
    hint: 'Write it as http://host:port, or unset it.',
  });
}
