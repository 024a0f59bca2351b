import { setTimeout as delay } from 'node:timers/promises';
import { formatDuration, type Reporter, type SlipwayError } from '../report';
import {
  named,
  refusalIn,
  throwIfTransient,
  type AnswerContext,
} from './answers';
import { createAuthorizer, type Access } from './authorizer';
import { parseChallenges } from './challenge';
import { secretsIn, type CredentialSource } from './credentials';
import { openEndpoint, type EndpointRequest } from './endpoint';
import { fetchToken, realmOf } from './fetch-token';
import { apiHost, isAt } from './host';
import { followRedirects } from './redirects';
import {
  cancelled,
  failed,
  noHost,
  refused,
  type Refusal,
} from './registry-errors';
import { withRetries } from './retry';
import { openTransport, type HttpAnswer } from './transport';
import { untilAborted } from './until-aborted';

export interface SessionOptions {
  /** HTTP, or TLS that nobody vouches for, is all right there. */
  readonly insecure: boolean;
  /** PEM, absolute; '' for none. */
  readonly caFile: string;
  readonly credentials: CredentialSource;
  /** For HTTP_PROXY, HTTPS_PROXY and NO_PROXY. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Told every value that must not be shown: credentials and tokens. */
  readonly onSecret: (value: string) => void;
  /** Told of waits longer than 2 s. */
  readonly reporter: Pick<Reporter, 'warn'>;
  /** These five are for tests. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly now?: () => number;
  readonly random?: () => number;
  /** Milliseconds without a byte, and for a whole answer. */
  readonly idleTimeout?: number;
  readonly totalTimeout?: number;
}

export interface SessionRequest extends EndpointRequest {
  readonly access: Access;
}

/** Sends once. 404 and the like are answers; 429 and 5xx are tried again. */
export type Send = (request: SessionRequest) => Promise<HttpAnswer>;

/** One registry, with what it takes to be let in, found and heard. */
export interface Session {
  /** As messages have it: `the registry HOST`. */
  readonly name: string;
  /** As `Transport.prepare`. */
  prepare(): void;
  /**
   * Does work that sends requests and reads the answers; all of it is done
   * again when the registry has a bad moment.
   * @throws SlipwayError, and nothing else that has to do with the network
   */
  run<T>(work: (send: Send) => Promise<T>): Promise<T>;
  /** What a registry says with an answer that is no success. */
  refusalIn(answer: HttpAnswer): Promise<Refusal>;
  /** That as an error: SLIPWAY_E_REGISTRY_REFUSED or _FAILED. */
  errorOf(
    answer: HttpAnswer,
    path: string,
    /** If it has been read already. */
    refusal?: Refusal,
  ): Promise<SlipwayError>;
  close(): Promise<void>;
}

/** A wait that people would wonder about. */
const LONG_WAIT_MS = 2000;

/**
 * @param host `host[:port]`; `docker.io` for Docker Hub
 * @throws SLIPWAY_E_REF_INVALID
 */
export function openSession(host: string, options: SessionOptions): Session {
  const { signal, credentials, now = Date.now } = options;
  const api = apiHost(host);
  if (!URL.canParse(`https://${api}`)) throw noHost(host);
  const registry = `the registry ${host}`;
  const transport = openTransport({ ...options, host: api });
  const endpoint = openEndpoint(api, options, transport);
  const secrets = new Set<string>();
  const addSecret = (value: string) => {
    secrets.add(value);
    options.onSecret(value);
  };
  const context: AnswerContext = { host, secrets, now };
  let hasAnswered = false;

  const authorizer = createAuthorizer({
    credentials: async () => {
      const found = await untilAborted(
        credentials.credentialsFor(host),
        signal,
      );
      if (found) secretsIn(found).forEach(addSecret);
      return found;
    },
    forgetCredentials: () => credentials.forget(host),
    fetchToken: async (challenge, access, found) => {
      const realm = realmOf(challenge, registry, endpoint.isPlain());
      const request = { realm, challenge, access, credentials: found };
      const token = await fetchToken(request, transport, context);
      addSecret(token.token);
      return token;
    },
    now,
  });

  async function exchange(
    request: SessionRequest,
    authorization: string | undefined,
  ): Promise<HttpAnswer> {
    const headers = {
      ...request.headers,
      ...(authorization !== undefined && { authorization }),
    };
    const answer = await endpoint.send({ ...request, headers });
    hasAnswered = true;
    const { method } = request;
    return method === 'GET' || method === 'HEAD'
      ? followRedirects(answer, { method, headers }, transport)
      : answer;
  }

  const send: Send = async (request) => {
    const { access } = request;
    const used = await authorizer.header(access);
    let answer = await exchange(request, used);
    // A challenge of a server that we were sent on to is not answered.
    if (answer.status === 401 && isAt(answer.url, api)) {
      const challenges = parseChallenges(answer.header('www-authenticate'));
      const refusal = await refusalIn(answer, secrets);
      const next = await authorizer.renew(access, challenges, used);
      if (next === undefined) {
        throw refused(host, access.path, refusal, authorizer.source());
      }
      answer = await exchange(request, next);
    }
    await throwIfTransient(answer, access.path, context);
    return answer;
  };

  async function errorOf(answer: HttpAnswer, path: string, read?: Refusal) {
    const refusal = read ?? (await refusalIn(answer, secrets));
    const { status, url } = answer;
    // Storage behind a registry has its own doors.
    if (!isAt(url, api)) return failed(url.host, path, refusal);
    return status === 401 || status === 403
      ? refused(host, path, refusal, authorizer.source())
      : failed(host, path, refusal);
  }

  const sleep =
    options.sleep ?? ((ms, on) => delay(ms, undefined, { signal: on }));
  const retry = {
    random: options.random ?? Math.random,
    sleep: (ms: number) => sleep(ms, signal),
    onWait: (ms: number, { message }: SlipwayError) => {
      if (ms <= LONG_WAIT_MS) return;
      options.reporter.warn(
        `${message} Trying again in ${formatDuration(ms)}.`,
      );
    },
  };

  return {
    async run(work) {
      try {
        signal.throwIfAborted();
        return await withRetries(async () => {
          try {
            return await work(send);
          } catch (error) {
            throw named(error, registry, hasAnswered);
          }
        }, retry);
      } catch (error) {
        if (signal.aborted) throw cancelled(host);
        throw error;
      }
    },
    name: registry,
    prepare: () => endpoint.prepare(),
    refusalIn: (answer) => refusalIn(answer, secrets),
    errorOf,
    close: () => transport.close(),
  };
}
