import type { ExecEnd } from './exec-stream';

/** What the error channel brings at the end: `Status` of meta/v1. */
export interface Status {
  readonly status?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly details?: {
    readonly causes?: readonly { reason?: string; message?: string }[];
  };
}

/** @returns undefined while it has not come whole */
export function statusIn(text: string): Status | undefined {
  try {
    return JSON.parse(text) as Status;
  } catch {
    return undefined;
  }
}

/**
 * As the kubelet says it (remotecommand of k8s.io/apimachinery).
 * @returns undefined for a command that did not run to its end
 */
export function exitCodeIn({
  status,
  reason,
  details,
}: Status): ExecEnd | undefined {
  if (status === 'Success') return { exitCode: 0 };
  if (reason !== 'NonZeroExitCode') return undefined;
  const cause = details?.causes?.find((each) => each.reason === 'ExitCode');
  const exitCode = Number.parseInt(cause?.message ?? '', 10);
  return exitCode > 0 ? { exitCode } : undefined;
}
