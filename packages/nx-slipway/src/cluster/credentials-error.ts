import { SlipwayError, scrub, secretsOf } from '../report';
import type { UserEntry } from './client-node';
import { kubeconfigError } from './cluster-errors';
import type { Env } from './kubeconfig-file';

/**
 * What client-node could not make of a user, plugins aside. It has no cause,
 * which may hold what must not be shown.
 */
export function credentialsError(
  context: string,
  user: UserEntry,
  error: unknown,
): SlipwayError {
  const { name, message, syscall } = error as NodeJS.ErrnoException;
  const said =
    // Its message quotes what could not be parsed.
    name === 'SyntaxError'
      ? 'no JSON came back'
      : scrub(message, secretsOf(tokensOf(user)));
  const reason = `the credentials of the context "${context}" cannot be used: ${said}.`;
  if (syscall || /^HTTP protocol is not allowed|URL/.test(message)) {
    return kubeconfigError(reason, 'Repair the kubeconfig, or log in again.');
  }
  return new SlipwayError({
    code: 'SLIPWAY_E_CLUSTER_REFUSED',
    message: reason,
    hint: 'Log in again.',
  });
}

/** What the provider of a user is configured with, less the name of a file. */
function tokensOf({ authProvider }: UserEntry): Env {
  const { config } = (authProvider as { config?: Env } | null) ?? {};
  return { ...config, tokenFile: undefined };
}
