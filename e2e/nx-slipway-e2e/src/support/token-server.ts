import {
  createPrivateKey,
  randomUUID,
  sign,
  X509Certificate,
} from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Who may do everything; nobody else may do anything. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

export const ISSUER = 'slipway-test';
export const SERVICE = 'slipway-test-registry';

export interface TokenServer {
  /** What a registry names as its realm. */
  readonly realm: string;
  /** The scopes that were asked for, in order. */
  readonly scopes: readonly string[];
  close(): Promise<void>;
}

/**
 * Gives tokens as https://distribution.github.io/distribution/spec/auth/jwt/
 * says, to a registry that trusts the certificate.
 */
export async function startTokenServer(
  { key, cert }: { key: Buffer; cert: Buffer },
  login: Login,
): Promise<TokenServer> {
  const scopes: string[] = [];
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://token');
    const scope = searchParams.get('scope') ?? '';
    scopes.push(scope);
    const given = request.headers.authorization;
    if (given !== undefined && given !== basic(login)) {
      response.writeHead(401).end();
      return;
    }
    const token = tokenFor(given === undefined ? '' : scope, key, cert);
    response.end(JSON.stringify({ token, expires_in: 300 }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    realm: `http://127.0.0.1:${port}/token`,
    scopes,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function basic({
  username,
  password,
}: Login): IncomingMessage['headers']['authorization'] {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** @param scope `repository:acme/x:pull,push`; '' for a token that allows nothing */
function tokenFor(scope: string, key: Buffer, cert: Buffer): string {
  const der = new X509Certificate(cert).raw.toString('base64');
  const now = Math.floor(Date.now() / 1000);
  const [type, name, actions = ''] = scope.split(':');
  const parts = [
    { typ: 'JWT', alg: 'ES256', x5c: [der] },
    {
      iss: ISSUER,
      sub: 'tester',
      aud: SERVICE,
      iat: now,
      nbf: now - 60,
      exp: now + 300,
      jti: randomUUID(),
      access: scope ? [{ type, name, actions: actions.split(',') }] : [],
    },
  ];
  const body = parts
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = sign('sha256', Buffer.from(body), {
    key: createPrivateKey(key),
    dsaEncoding: 'ieee-p1363',
  });
  return `${body}.${signature.toString('base64url')}`;
}
