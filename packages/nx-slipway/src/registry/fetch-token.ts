import { named, throwIfTransient, type AnswerContext } from './answers';
import { scopeOf, type Access } from './authorizer';
import type { Challenge } from './challenge';
import type { Credentials } from './credentials';
import { followRedirects } from './redirects';
import { senseless } from './registry-errors';
import { readToken, tokenRequest, type Token } from './token';
import type { Transport } from './transport';

/**
 * Where a challenge says that tokens are to be had. Credentials go there, so
 * it speaks TLS, unless the registry itself does not.
 * @param registry `the registry HOST`
 * @throws SLIPWAY_E_REGISTRY_FAILED
 */
export function realmOf(
  { parameters }: Challenge,
  registry: string,
  isPlain: boolean,
): URL {
  const text = parameters.get('realm') ?? '';
  if (!URL.canParse(text)) {
    throw senseless(registry, 'does not say where tokens are to be had');
  }
  const realm = new URL(text);
  const { protocol } = realm;
  if (protocol !== 'https:' && !(protocol === 'http:' && isPlain)) {
    throw senseless(
      registry,
      `sends us to ${realm.host} for a token, and not over TLS`,
    );
  }
  realm.username = realm.password = realm.hash = '';
  return realm;
}

/**
 * One token, for one repository.
 * @throws SLIPWAY_E_REGISTRY_REFUSED, SLIPWAY_E_REGISTRY_FAILED,
 *   SLIPWAY_E_REGISTRY_UNREACHABLE, SLIPWAY_E_REGISTRY_TLS; Transient
 */
export async function fetchToken(
  asked: {
    readonly realm: URL;
    readonly challenge: Challenge;
    readonly access: Access;
    readonly credentials: Credentials | undefined;
  },
  transport: Transport,
  context: AnswerContext,
): Promise<Token> {
  const { realm, challenge, access, credentials } = asked;
  const { host } = context;
  const request = tokenRequest({
    realm,
    service: challenge.parameters.get('service') ?? '',
    scope: scopeOf(access),
    credentials,
  });
  try {
    const first = await transport.send(request);
    const { method, headers } = request;
    // What a POST carries is not sent on.
    const answer =
      method === 'POST'
        ? first
        : await followRedirects(first, { method, headers }, transport);
    await throwIfTransient(answer, access.path, context);
    return await readToken(answer, access.path, {
      ...context,
      source: credentials?.source,
    });
  } catch (error) {
    const server = `the token server ${realm.host} of the registry ${host}`;
    throw named(error, server, false);
  }
}
