import type { Method } from './send';

/** One request to the API server. */
export interface KubeRequest {
  readonly method: Method;
  /**
   * From its `/` on, with its query; all that comes from outside must be
   * encoded in it.
   */
  readonly path: string;
  /** Sent as JSON, which is YAML too. */
  readonly body?: unknown;
  /** Default: `application/json`. */
  readonly contentType?: string;
  /** What the answer is to be. Default: the whole objects, as JSON. */
  readonly accept?: string;
  /** Milliseconds, to the last byte of the answer. */
  readonly deadline?: number;
  /**
   * Milliseconds in which it may be tried again. Default: as long as an API
   * server takes to start again.
   */
  readonly patience?: number;
  /** Whether a POST may be sent twice. All other methods may. */
  readonly idempotent?: boolean;
  /** Sent though the run is cancelled: what is held must be let go. */
  readonly afterCancel?: boolean;
}

export interface KubeAnswer {
  readonly status: number;
  /** Parsed; undefined for an answer that is empty. */
  readonly body: unknown;
}

export function isSuccess({ status }: { readonly status: number }): boolean {
  return status >= 200 && status < 300;
}

/** For messages, without the query. */
export function nameOf({ method, path }: KubeRequest): string {
  return `${method} ${path.replace(/\?.*$/, '')}`;
}
