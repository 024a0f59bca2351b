import { inspect } from 'node:util';
import type { PushLogin } from './engine';

/**
 * A header's value that docker-modem, which writes out all of a request for its
 * debug log (`DEBUG=*`), does not show.
 */
class Unshown extends String {
  [inspect.custom](): string {
    return '***';
  }
}

/**
 * The login as dockerode takes it, encoded as the API wants it (RFC 4648,
 * section 5). It wants the header even where nobody has to log in.
 */
export function authOf(login: PushLogin | undefined): { key: string } {
  const encoded = Buffer.from(JSON.stringify(login ?? {}))
    .toString('base64')
    .replaceAll('+', '-')
    .replaceAll('/', '_');
  return { key: new Unshown(encoded) as unknown as string };
}
