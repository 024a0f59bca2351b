import { HttpFault, faultOf } from './http-fault';

export interface Deadline {
  readonly signal: AbortSignal;
  clear(): void;
  /** What `error`, which ended a request, comes from. */
  explain(error: unknown): Error;
}

/**
 * Of its own for each request: `AbortSignal.any` leaks on a long-lived one.
 * @param ms for the whole answer
 * @param idle the milliseconds without a byte that undici waits
 */
export function deadlineOf(
  outer: AbortSignal,
  ms: number,
  idle: number,
): Deadline {
  const controller = new AbortController();
  const onTime = () =>
    controller.abort(
      new HttpFault('timeout', `no whole answer in ${ms / 1000} s`, undefined),
    );
  const timer = setTimeout(onTime, ms);
  const onAbort = () => {
    clearTimeout(timer);
    controller.abort(outer.reason);
  };
  outer.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      outer.removeEventListener('abort', onAbort);
    },
    explain(error) {
      const aborted = [outer, controller.signal].find(({ aborted }) => aborted);
      if (aborted) return aborted.reason as Error;
      return faultOf(error, idle) ?? (error as Error);
    },
  };
}
