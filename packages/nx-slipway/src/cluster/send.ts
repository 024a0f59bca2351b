import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { cancelled } from './cluster-errors';
import type { Access } from './credentials';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Question {
  readonly method: Method;
  readonly url: string;
  /** None: nothing is sent. */
  readonly body?: string;
  /** Of the body. */
  readonly contentType?: string;
  readonly accept?: string;
  /** Milliseconds for the whole of it, to the last byte of the answer. */
  readonly deadline: number;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/**
 * One request, one answer: follows no redirect, since that would carry the
 * credentials elsewhere.
 * @throws the socket's own error, an Error that says that the deadline has
 *   passed, SLIPWAY_E_CANCELLED
 */
export async function send(
  { method, url, body, contentType, accept, deadline, signal }: Question,
  { agent, headers }: Access,
): Promise<Answer> {
  if (signal?.aborted) throw cancelled();
  const { request } = url.startsWith('https:') ? https : http;
  const sent = request(url, {
    method,
    agent,
    headers: {
      ...headers,
      accept: accept ?? 'application/json',
      'user-agent': 'nx-slipway',
      ...(body !== undefined && {
        'content-type': contentType ?? 'application/json',
        'content-length': Buffer.byteLength(body),
      }),
    },
  });
  const end: (() => void)[] = [];
  // Rejects by itself: a request that still waits for its proxy emits nothing.
  const ended = new Promise<never>((_, reject) => {
    const stop = (error: Error) => {
      reject(error);
      sent.destroy();
    };
    const late = new Error(`no answer in ${deadline / 1000} s`);
    const timer = setTimeout(() => stop(late), deadline);
    const onAbort = () => stop(cancelled());
    signal?.addEventListener('abort', onAbort, { once: true });
    end.push(() => clearTimeout(timer));
    end.push(() => signal?.removeEventListener('abort', onAbort));
  });
  const answered = new Promise<Answer>((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (response) => {
      const { statusCode: status = 0, headers } = response;
      text(response).then(
        (read) => resolve({ status, headers, text: read }),
        reject,
      );
    });
    sent.end(body);
  });
  try {
    return await Promise.race([answered, ended]);
  } finally {
    for (const each of end) each();
  }
}
