import type { PushLogin } from '../docker';
import type { Credentials, CredentialSource } from '../registry';
import { SlipwayError } from '../report';

/**
 * Pushes with the login that there is for a host. One that cannot be read is
 * none, as for `docker push`: a helper that Docker Desktop has left behind
 * stands in the way of no registry that lets everybody in.
 * @throws what `push` throws; SLIPWAY_E_CREDENTIALS if the registry refuses it
 *   and the login could not be read
 */
export async function withLogin<T>(
  domain: string,
  credentials: CredentialSource,
  push: (login: PushLogin | undefined) => Promise<T>,
): Promise<T> {
  let unread: SlipwayError | undefined;
  const found = await credentials.credentialsFor(domain).catch((error) => {
    if (!isOf('SLIPWAY_E_CREDENTIALS', error)) throw error;
    unread = error;
    return undefined;
  });
  try {
    return await push(found && loginOf(domain, found));
  } catch (error) {
    const isRefused = isOf('SLIPWAY_E_REGISTRY_REFUSED', error);
    if (!unread || !isRefused) throw error;
    const { code, message, hint } = unread;
    throw new SlipwayError({
      code,
      message: `${message} Without a login, ${error.message}`,
      hint,
      cause: unread,
    });
  }
}

function isOf(
  code: SlipwayError['code'],
  error: unknown,
): error is SlipwayError {
  return error instanceof SlipwayError && error.code === code;
}

/** Credentials as the Docker API wants them (X-Registry-Auth). */
function loginOf(serveraddress: string, found: Credentials): PushLogin {
  switch (found.kind) {
    case 'basic': {
      const { username, password } = found;
      return { username, password, serveraddress };
    }
    case 'identityToken':
      return { identitytoken: found.token, serveraddress };
    case 'registryToken':
      return { registrytoken: found.token, serveraddress };
  }
}
