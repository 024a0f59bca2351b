import type { Challenge } from './challenge';
import { basicHeader, type Credentials } from './credentials';
import type { Token } from './token';

/** What a request needs to be allowed. */
export interface Access {
  /** Of the repository. */
  readonly path: string;
  readonly actions: 'pull' | 'pull,push';
}

/** Remembers how a registry lets us in. */
export interface Authorizer {
  /**
   * The Authorization header for a request; undefined until the registry has
   * asked for one.
   */
  header(access: Access): Promise<string | undefined>;
  /**
   * What to send after a 401.
   * @param used the header that was refused, if one was sent
   * @returns undefined if there is nothing else to send
   */
  renew(
    access: Access,
    challenges: readonly Challenge[],
    used: string | undefined,
  ): Promise<string | undefined>;
  /** Where the credentials come from that were used last. */
  source(): string | undefined;
}

export interface AuthorizerOptions {
  /** Asked once, and again after `forgetCredentials`. */
  readonly credentials: () => Promise<Credentials | undefined>;
  readonly forgetCredentials: () => void;
  readonly fetchToken: (
    challenge: Challenge,
    access: Access,
    credentials: Credentials | undefined,
  ) => Promise<Token>;
  /** Milliseconds, of any beginning. */
  readonly now: () => number;
}

interface KeptToken {
  readonly header: string;
  /** By the same clock as `now`. */
  readonly until: number;
}

/** A token this close to its end may be too old when it arrives. */
const MARGIN_MS = 10_000;

export function createAuthorizer(options: AuthorizerOptions): Authorizer {
  const tokens = new Map<string, KeptToken>();
  const fetching = new Map<string, Promise<string>>();
  let asked: Challenge | undefined;
  let source: string | undefined;

  async function credentials(): Promise<Credentials | undefined> {
    const found = await options.credentials();
    source = found?.source;
    return found;
  }

  async function basic(): Promise<string | undefined> {
    const found = await credentials();
    if (found?.kind !== 'basic') return undefined;
    return basicHeader(found.username, found.password);
  }

  async function fetchBearer(challenge: Challenge, access: Access) {
    const found = await credentials();
    if (found?.kind === 'registryToken') return `Bearer ${found.token}`;
    const { token, expiresIn } = await options.fetchToken(
      challenge,
      access,
      found,
    );
    const header = `Bearer ${token}`;
    const until = options.now() + expiresIn * 1000 - MARGIN_MS;
    tokens.set(scopeOf(access), { header, until });
    return header;
  }

  /** Several requests that begin together share one token. */
  function bearer(challenge: Challenge, access: Access): Promise<string> {
    const key = scopeOf(access);
    const forPush = scopeOf({ ...access, actions: 'pull,push' });
    for (const kept of [tokens.get(key), tokens.get(forPush)]) {
      if (kept && kept.until > options.now())
        return Promise.resolve(kept.header);
    }
    const running =
      fetching.get(key) ??
      fetchBearer(challenge, access).finally(() => fetching.delete(key));
    fetching.set(key, running);
    return running;
  }

  async function header(access: Access): Promise<string | undefined> {
    if (!asked) return undefined;
    return asked.scheme === 'basic' ? basic() : bearer(asked, access);
  }

  return {
    header,
    async renew(access, challenges, used) {
      const challenge =
        challenges.find(({ scheme }) => scheme === 'bearer') ??
        challenges.find(({ scheme }) => scheme === 'basic');
      if (!challenge) return undefined;
      if (used !== undefined) {
        // Not what another request has fetched meanwhile.
        for (const [key, kept] of tokens) {
          if (kept.header === used) tokens.delete(key);
        }
        options.forgetCredentials();
      }
      asked = challenge;
      const next = await header(access);
      return next === used ? undefined : next;
    },
    source: () => source,
  };
}

/** https://distribution.github.io/distribution/spec/auth/scope/ */
export function scopeOf({ path, actions }: Access): string {
  return `repository:${path}:${actions}`;
}
