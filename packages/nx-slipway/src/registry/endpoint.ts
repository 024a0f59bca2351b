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

  async function tryBoth(request: EndpointRequest, other: Scheme) {
    const given = await ask(first, request).catch((error: unknown) => {
      if (mayBeOther(error, host)) return error as HttpFault;
      throw error;
    });
    if (!(given instanceof HttpFault) && !isForTls(first, given)) {
      chosen = first;
      return given;
    }
    try {
      const answer = await ask(other, request);
      chosen = other;
      if (!(given instanceof HttpFault)) await given.drop();
      return answer;
    } catch (error) {
      if (!(error instanceof HttpFault)) throw error;
      // There is a TLS server, but nobody vouches for it.
      if (error.kind === 'certificate') throw error;
      if (given instanceof HttpFault) {
        throw given.kind === 'handshake' ? error : given;
      }
      chosen = first;
      return given;
    }
  }

  return {
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
function isForTls(scheme: Scheme, { status }: HttpAnswer): boolean {
  return scheme === 'http' && status === 400;
}

function mayBeOther(error: unknown, host: string): boolean {
  if (!(error instanceof HttpFault)) return false;
  switch (error.kind) {
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
