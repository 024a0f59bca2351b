import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { deadlineOf, type Deadline } from './deadline';
import { IDLE_MS, openDispatcher, type DispatcherOptions } from './dispatcher';
import { isLoopback } from './host';
import { NO_PROXIES, isInRangeOf, proxiesOf } from './proxies';

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

/** An answer whose body is still to be read, or dropped: one of the two. */
export interface HttpAnswer {
  readonly status: number;
  /** Where it came from, after redirects. */
  readonly url: URL;
  /** '' if there is no such header; several are joined by a comma. */
  header(name: string): string;
  /**
   * @param limit in bytes
   * @returns undefined if there are more than `limit`
   * @throws HttpFault
   */
  bytes(limit: number): Promise<Buffer | undefined>;
  /** Frees the connection for the next request. */
  drop(): Promise<void>;
}

export function isSuccess({ status }: HttpAnswer): boolean {
  return status >= 200 && status < 300;
}

/** One HTTP request at a time, over connections that are kept. */
export interface Transport {
  /**
   * Loads what a request to such a URL needs, and parses certificates: that
   * takes longer than most requests. Opens nothing.
   */
  prepare(url: URL): void;
  /** @throws HttpFault; the signal's reason when that is aborted */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Ends what is under way, too. */
  close(): Promise<void>;
}

export interface TransportOptions extends DispatcherOptions {
  /** `host[:port]`; TLS is unverified for this name only. */
  readonly host: string;
  readonly insecure: boolean;
  readonly signal: AbortSignal;
  /** Milliseconds for one answer with its body; 60 s unless given. */
  readonly totalTimeout?: number;
}

/** A byte every 14 seconds is no answer either. */
const TOTAL_MS = 60_000;

export function openTransport(options: TransportOptions): Transport {
  const { signal, totalTimeout = TOTAL_MS, idleTimeout = IDLE_MS } = options;
  const dispatchers = new Map<string, Promise<Dispatcher>>();
  const name = hostnameOf(options.host);

  function dispatcherFor({ protocol, host, hostname }: URL) {
    const isTls = protocol === 'https:';
    const isVerified = !(options.insecure && hostname === name);
    const proxies = isLoopback(host) ? NO_PROXIES : proxiesOf(options.env);
    const isProxied =
      (isTls ? proxies.https : proxies.http) !== '' &&
      !isInRangeOf(proxies.no, hostname);
    const key = `${protocol} ${isVerified} ${isProxied}`;
    const known = dispatchers.get(key);
    if (known) return known;
    const how = { isTls, isVerified, proxies: isProxied ? proxies : undefined };
    const made = openDispatcher(options, how).catch((error: unknown) => {
      dispatchers.delete(key);
      throw error;
    });
    dispatchers.set(key, made);
    return made;
  }

  return {
    prepare(url) {
      // If it fails, the request will say so.
      dispatcherFor(url).catch(() => undefined);
    },
    async send({ method, url, headers, body }) {
      const deadline = deadlineOf(signal, totalTimeout, idleTimeout);
      try {
        const chosen = await dispatcherFor(url);
        signal.throwIfAborted();
        const response = await chosen.request({
          origin: url.origin,
          path: `${url.pathname}${url.search}`,
          method,
          headers: { 'user-agent': 'nx-slipway', ...headers },
          body: body ?? null,
          signal: deadline.signal,
          // Or undici hangs up after each HEAD, which is most of what we ask.
          reset: false,
        });
        return answerOf(url, response, deadline);
      } catch (error) {
        deadline.clear();
        throw deadline.explain(error);
      }
    },
    async close() {
      const opened = await Promise.allSettled(dispatchers.values());
      for (const result of opened) {
        if (result.status === 'fulfilled') await result.value.destroy();
      }
    },
  };
}

function answerOf(
  url: URL,
  { statusCode, headers, body }: Dispatcher.ResponseData,
  deadline: Deadline,
): HttpAnswer {
  return {
    status: statusCode,
    url,
    header(name) {
      const value = headers[name] ?? '';
      return typeof value === 'string' ? value : value.join(', ');
    },
    async bytes(limit) {
      const chunks: Buffer[] = [];
      let length = 0;
      try {
        for await (const chunk of body as AsyncIterable<Buffer>) {
          length += chunk.length;
          // Leaving the loop ends the connection.
          if (length > limit) return undefined;
          chunks.push(chunk);
        }
        // By then the connection is free: asked sooner, undici opens another.
        await nextTurn();
        return Buffer.concat(chunks);
      } catch (error) {
        throw deadline.explain(error);
      } finally {
        deadline.clear();
      }
    },
    async drop() {
      try {
        await body.dump();
        await nextTurn();
      } catch (error) {
        // What was to be thrown away is gone; only a cancel counts.
        if (deadline.signal.aborted) throw deadline.explain(error);
      } finally {
        deadline.clear();
      }
    },
  };
}

function hostnameOf(host: string): string {
  return new URL(`https://${host}`).hostname;
}
