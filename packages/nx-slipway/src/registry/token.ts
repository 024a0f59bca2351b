import { refusalIn, type AnswerContext } from './answers';
import { basicHeader, type Credentials } from './credentials';
import { failed, refused, senseless } from './registry-errors';
import type { HttpAnswer } from './transport';

/** What a token is asked for, and of whom. */
export interface TokenRequest {
  readonly realm: URL;
  /** '' if the challenge named none. */
  readonly service: string;
  /** `repository:acme/x:pull` */
  readonly scope: string;
  readonly credentials: Credentials | undefined;
}

export interface Token {
  readonly token: string;
  /** Seconds from now. */
  readonly expiresIn: number;
}

/** What goes to a token server. */
export interface TokenHttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** In seconds; what the specification says where the server says nothing. */
const DEFAULT_EXPIRY = 60;
const MAX_TOKEN_BYTES = 1024 * 1024;
const HEADER_VALUE = /^[\x21-\x7e]+$/;

/**
 * https://distribution.github.io/distribution/spec/auth/token/ for user names
 * and for nobody, spec/auth/oauth/ for identity tokens.
 */
export function tokenRequest({
  realm,
  service,
  scope,
  credentials,
}: TokenRequest): TokenHttpRequest {
  if (credentials?.kind === 'identityToken') {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: credentials.token,
      client_id: 'nx-slipway',
      service,
      scope,
    });
    return {
      method: 'POST',
      url: realm,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    };
  }
  const url = new URL(realm);
  if (service) url.searchParams.set('service', service);
  url.searchParams.set('scope', scope);
  const headers: Record<string, string> = {};
  if (credentials?.kind === 'basic') {
    const { username, password } = credentials;
    headers.authorization = basicHeader(username, password);
  }
  return { method: 'GET', url, headers };
}

/**
 * Reads what the token server says.
 * @param status neither 429 nor 5xx: those may be over in a moment
 * @throws SLIPWAY_E_REGISTRY_REFUSED, SLIPWAY_E_REGISTRY_FAILED
 */
export async function readToken(
  answer: HttpAnswer,
  path: string,
  {
    host,
    secrets,
    source,
  }: AnswerContext & { readonly source: string | undefined },
): Promise<Token> {
  const { status, url } = answer;
  if (status !== 200) {
    const refusal = await refusalIn(answer, secrets);
    const said = ` That was ${url.host}, which gives its tokens.${refusal.said}`;
    // OAuth2 answers 400 to a refresh token that is no longer good.
    const isRefusal = [400, 401, 403].includes(status);
    if (isRefusal) throw refused(host, path, { status, said }, source);
    throw failed(host, path, { status, said });
  }
  const body = await answer.bytes(MAX_TOKEN_BYTES);
  const { token, access_token, expires_in } = fieldsOf(body);
  const value = token || access_token;
  if (typeof value !== 'string' || !HEADER_VALUE.test(value)) {
    throw senseless(
      `the registry ${host}`,
      `names ${url.host} for tokens, which gives none`,
    );
  }
  const isNumber = typeof expires_in === 'number' && expires_in > 0;
  return { token: value, expiresIn: isNumber ? expires_in : DEFAULT_EXPIRY };
}

function fieldsOf(body: Uint8Array | undefined): Record<string, unknown> {
  try {
    const text = Buffer.from(body ?? []).toString('utf8');
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    // The message of JSON.parse has a piece of what may be a token.
    return {};
  }
}
