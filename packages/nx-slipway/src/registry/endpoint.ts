import { isLoopback } from './host';
import { HttpFault } from './http-fault';
import type { HttpAnswer, HttpRequest, Transport } from './transport';

/** A request to the registry itself, whatever its scheme is. */
export interface EndpointRequest extends Omit<HttpRequest, 'url'> {
  /** Path and query: `/v2/acme/x/manifests/1`. */
  readonly target: string;
}

/** A registry whose scheme is found by the first request, and then kept. */
export interface Endpoint {
  /** As `Transport.prepare`, for the scheme that is likely. */
  prepare(): void;
  /** @throws HttpFault */
  send(request: EndpointRequest): Promise<HttpAnswer>;
  /** Whether it is spoken to without TLS; false before the first answer. */
  isPlain(): boolean;
}

type Scheme = 'http' | 'https';

/**
 * @param host of the API, `host[:port]`
 */
export function openEndpoint(
  host: string,
  trust: { readonly insecure: boolean; readonly caFile: string },
  transport: Transport,
): Endpoint {
  const [first, second] = schemesOf(host, trust);
  let chosen = second ? undefined : first;

  const ask = (scheme: Scheme, { target, ...request }: EndpointRequest) =>
    transport.send({
      ...request,
      url: new URL(`${scheme}://${host}${target}`),
    });

  const attempt = (scheme: Scheme, request: EndpointRequest) =>
    ask(scheme, request).catch((error: unknown) => {
      if (error instanceof HttpFault) return error;
      throw error;
    });

  function keep(scheme: Scheme, outcome: HttpAnswer | HttpFault) {
    if (outcome instanceof HttpFault) throw outcome;
    chosen = scheme;
    return outcome;
  }

  async function tryBoth(request: EndpointRequest, other: Scheme) {
    const one = await attempt(first, request);
    if (!mayBeOther(first, one, host)) return keep(first, one);
    const two = await attempt(other, request);
    const isOther = tellsMore(two, one);
    const left = isOther ? one : two;
    if (!(left instanceof HttpFault)) await left.drop();
    return isOther ? keep(other, two) : keep(first, one);
  }

  return {
    prepare: () => transport.prepare(new URL(`${chosen ?? first}://${host}`)),
    send: (request) =>
      chosen || !second
        ? ask(chosen ?? first, request)
        : tryBoth(request, second),
    isPlain: () => chosen === 'http',
  };
}

/** Plain HTTP on loopback, or where it is said to be all right. */
function schemesOf(
  host: string,
  { insecure, caFile }: { insecure: boolean; caFile: string },
): readonly [Scheme, Scheme?] {
  if (isLoopback(host)) return caFile ? ['https'] : ['http', 'https'];
  return insecure ? ['https', 'http'] : ['https'];
}

/**
 * Asked over HTTP, servers of TLS answer 400 (Go's and nginx do) or hang up. A
 * HEAD has no text that would tell, so TLS itself is tried.
 */
function mayBeOther(
  scheme: Scheme,
  outcome: HttpAnswer | HttpFault,
  host: string,
): boolean {
  if (!(outcome instanceof HttpFault)) {
    return scheme === 'http' && outcome.status === 400;
  }
  switch (outcome.kind) {
    case 'broken':
    case 'handshake':
    case 'answer':
      return true;
    // Without a port the other scheme knocks at another door.
    case 'refused':
    case 'timeout':
      return !/:\d+$/.test(host);
    case 'certificate':
    case 'unreachable':
    case 'proxy':
      return false;
  }
}

/** Whether what the second scheme came to says more than the first's. */
function tellsMore(
  second: HttpAnswer | HttpFault,
  first: HttpAnswer | HttpFault,
): boolean {
  if (!(second instanceof HttpFault)) return true;
  // There is a TLS server, but nobody vouches for it.
  if (second.kind === 'certificate') return true;
  return first instanceof HttpFault && first.kind === 'handshake';
}
