import type { HttpAnswer, Transport } from './transport';
import { HttpFault } from './http-fault';

const MAX_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];

export interface Followable {
  readonly method: 'GET' | 'HEAD';
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Goes where an answer points to. The Authorization header goes to the same
 * host only, for storage behind a registry has credentials of its own, in the
 * URL; nothing goes from https to http.
 * @throws HttpFault
 */
export async function followRedirects(
  first: HttpAnswer,
  { method, headers }: Followable,
  transport: Transport,
): Promise<HttpAnswer> {
  let answer = first;
  let sent = headers;
  for (let count = 0; REDIRECTS.includes(answer.status); count += 1) {
    await answer.drop();
    if (count === MAX_REDIRECTS) throw bad('it redirects without end');
    const url = redirectTarget(answer);
    if (url.host !== answer.url.host) sent = withoutAuthorization(sent);
    answer = await transport.send({ method, url, headers: sent });
  }
  return answer;
}

/**
 * Where the Location header of an answer points to.
 * @throws HttpFault if it is none, or one that TLS does not protect any more
 */
export function redirectTarget(answer: HttpAnswer): URL {
  const location = answer.header('location');
  if (location === '' || !URL.canParse(location, answer.url.href)) {
    throw bad('it redirects to nowhere');
  }
  const url = new URL(location, answer.url);
  if (!['http:', 'https:'].includes(url.protocol)) {
    throw bad(`it redirects to ${url.protocol}`);
  }
  if (answer.url.protocol === 'https:' && url.protocol === 'http:') {
    throw bad('it redirects from https to http');
  }
  return url;
}

function withoutAuthorization(headers: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name !== 'authorization'),
  );
}

function bad(reason: string): HttpFault {
  return new HttpFault('answer', reason, undefined);
}
