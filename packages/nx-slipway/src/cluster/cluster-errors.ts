import { SlipwayError, hasCode, oneLine } from '../report';
import type { KubeAnswer } from './request';
import { decidedElsewhere, hintFor, missingRight } from './why-refused';

/** Where a request went, for messages. */
export interface Destination {
  readonly context: string;
  readonly server: string;
}

const LONGEST_MESSAGE = 500;

/** @param error of a socket or of TLS */
export function unreachable(
  { context, server }: Destination,
  error: unknown,
): SlipwayError {
  const { code, message } = error as NodeJS.ErrnoException;
  const isTls = /CERT|SIGNATURE|_SSL_|TLS/.test(code ?? '');
  return new SlipwayError({
    code: 'SLIPWAY_E_CLUSTER_UNREACHABLE',
    message: `the cluster of the context "${context}" does not answer at ${server} (${code ?? message}).`,
    hint: isTls
      ? 'The certificate of the server is not one that the kubeconfig trusts. Was the cluster made anew? Fetch its kubeconfig again.'
      : 'Is the cluster running, and is the network (a VPN, say) up?',
    cause: error,
  });
}

/** An answer that is no success, as an error that a user can act on. */
export function answerError(
  { context, server }: Destination,
  request: string,
  { status, body }: KubeAnswer,
): SlipwayError {
  const said = statusMessage(body);
  const what = `the cluster of the context "${context}" (${server})`;
  const elsewhere = decidedElsewhere(said);
  if (status === 401 && elsewhere === undefined) {
    return new SlipwayError({
      code: 'SLIPWAY_E_CLUSTER_REFUSED',
      message: `${what} refuses ${request}: ${said} (HTTP 401).`,
      hint: 'The credentials of the context are wrong or expired: log in again.',
    });
  }
  if (status === 403 && elsewhere === undefined) {
    const right = missingRight(said);
    return new SlipwayError({
      code: 'SLIPWAY_E_CLUSTER_REFUSED',
      message: `${what} refuses ${request}${right ? `, you may not ${right.words}` : ''}: ${said} (HTTP 403).`,
      hint: `${right ? `A Role needs the rule { apiGroups: ["${right.group}"], resources: ["${right.resource}"], verbs: ["${right.verb}"] }; ` : ''}\`kubectl auth can-i --list\` says what you may do.`,
    });
  }
  return new SlipwayError({
    code: 'SLIPWAY_E_CLUSTER_FAILED',
    message: `${what} answered HTTP ${status} to ${request}: ${said}.`,
    hint: elsewhere ?? hintFor(status, said),
  });
}

/** @param apiVersion of the kinds that are not served now */
export function apiAway(
  { context }: Destination,
  apiVersion: string,
): SlipwayError {
  const [group, version] = apiVersion.split('/');
  return new SlipwayError({
    code: 'SLIPWAY_E_API_AWAY',
    message: `the cluster of the context "${context}" knows the API ${apiVersion}, but the server of its own that serves it does not answer.`,
    hint: `\`kubectl describe apiservice ${version}.${group}\` tells why. Is it not to come back? Delete that APIService.`,
  });
}

/** Whether it says that the server of an API does not answer. */
export function isApiAway(error: unknown): error is SlipwayError {
  return hasCode(error, 'SLIPWAY_E_API_AWAY');
}

export function notJson(
  { context, server }: Destination,
  request: string,
): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_CLUSTER_FAILED',
    message: `the cluster of the context "${context}" (${server}) answered something that is no JSON to ${request}.`,
    hint: 'Is that an API server? Check the server in the kubeconfig.',
  });
}

export function kubeconfigError(
  message: string,
  hint: string,
  cause?: unknown,
): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_KUBECONFIG',
    message,
    hint,
    cause,
  });
}

export function cancelled(): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_CANCELLED',
    message: 'the run was cancelled.',
  });
}

/** The `message` of a Status, in one line. */
function statusMessage(body: unknown): string {
  const { message } = (body ?? {}) as { message?: unknown };
  const text = typeof message === 'string' ? message : '';
  const line = oneLine(text);
  if (line === '') return 'no reason given';
  return line.length > LONGEST_MESSAGE
    ? `${line.slice(0, LONGEST_MESSAGE)} ...`
    : line;
}
