import type { RequestListener } from 'node:http';
import type { Credentials, CredentialSource } from './credentials';
import { errorOf, slipwayError } from '../testing/slipway-error';
import { useCertificate } from './testing/certificate';
import { useClients } from './testing/connect';
import { useServers, type Answering } from './testing/servers';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const PASSWORD = 'password-1';

const serve = useServers();
const connect = useClients();
const certificate = useCertificate();

const ok: RequestListener = (_request, response) =>
  response.writeHead(200, { 'docker-content-digest': DIGEST }).end();
const json =
  (status: number, value: unknown): RequestListener =>
  (_request, response) =>
    response.writeHead(status).end(JSON.stringify(value));

/** Credentials that count how often they are asked for, and may change. */
function source(...answers: Credentials[]) {
  const state = { asked: 0, at: 0 };
  const credentials: CredentialSource = {
    credentialsFor: () => {
      state.asked += 1;
      return Promise.resolve(answers[Math.min(state.at, answers.length - 1)]);
    },
    forget: () => {
      state.at += 1;
    },
  };
  return { state, credentials };
}

const basic = (password = PASSWORD): Credentials => ({
  kind: 'basic',
  username: 'user',
  password,
  source: 'docker-credential-test',
});
const identity: Credentials = {
  kind: 'identityToken',
  token: 'identity-1',
  source: 'docker-credential-test',
};

const encoded = (text: string) => Buffer.from(text).toString('base64');

/** Lets in whom `isGood` says, and sends the others for a token. */
async function serveRegistry(
  challenge: string | (() => string),
  isGood: (authorization: string) => boolean,
): Promise<Answering> {
  return serve((request, response) => {
    if (isGood(request.headers.authorization ?? '')) {
      ok(request, response);
      return;
    }
    const text = typeof challenge === 'string' ? challenge : challenge();
    response.writeHead(401, { 'www-authenticate': text });
    response.end(
      JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'log in' }] }),
    );
  });
}

const bearer = (tokens: Answering, service = 'registry, inc') =>
  `Basic realm="no", Bearer realm="http://${tokens.host}/token?a=b",service="${service}",scope="repository:other:*"`;

const queryOf = (line = '') =>
  Object.fromEntries(
    new URL(line.split(' ')[1] ?? '', 'http://x').searchParams,
  );

describe('a registry that asks for a password', () => {
  const isGood = (header: string) =>
    header === `Basic ${encoded(`user:${PASSWORD}`)}`;

  it('gets it, and from then on at once', async () => {
    const registry = await serveRegistry('Basic realm="r"', isGood);
    const { credentials, state } = source(basic());
    const client = connect(registry.host, { credentials });
    await client.headManifest('x', '1');
    await client.headManifest('y', '2');
    expect(registry.lines).toHaveLength(3);
    expect(state.at).toBe(0);
  });

  it('gets it by a name with capitals, and says so if that is no good', async () => {
    const registry = await serveRegistry('Basic realm="r"', isGood);
    const host = `LocalHost:${registry.port}`;
    const client = connect(host, source(basic()));
    expect((await client.headManifest('x', '1'))?.digest).toBe(DIGEST);
    const wrong = connect(host, source(basic('wrong-password')));
    await expect(wrong.headManifest('x', '1')).rejects.toEqual(
      slipwayError('SLIPWAY_E_REGISTRY_REFUSED', /registry LocalHost/),
    );
  });

  it('gets none without being asked', async () => {
    const registry = await serve(ok);
    const { credentials, state } = source(basic());
    await connect(registry.host, { credentials }).headManifest('x', '1');
    expect(registry.got[0]?.headers.authorization).toBeUndefined();
    expect(state.asked).toBe(0);
  });

  it('that is wrong, refuses it once', async () => {
    const registry = await serveRegistry('Basic realm="r"', isGood);
    const { credentials } = source(basic('wrong-password'));
    const client = connect(registry.host, { credentials });
    const error = await errorOf(client.headManifest('x', '1'));
    expect(error.code).toBe('SLIPWAY_E_REGISTRY_REFUSED');
    expect(error.message).toContain(
      'x (HTTP 401) with the credentials of docker-credential-test.',
    );
    expect(error.hint).toContain(`docker login ${registry.host}`);
    expect(registry.lines).toHaveLength(2);
  });

  it('takes a new one when the old one is no longer good', async () => {
    let good = 'old-password';
    const registry = await serveRegistry(
      'Basic realm="r"',
      (header) => header === `Basic ${encoded(`user:${good}`)}`,
    );
    const { credentials } = source(basic(good), basic('new-password'));
    const client = connect(registry.host, { credentials });
    await client.headManifest('x', '1');
    good = 'new-password';
    expect((await client.headManifest('x', '1'))?.digest).toBe(DIGEST);
  });

  it('has no use for a token', async () => {
    const registry = await serveRegistry('Basic realm="r"', isGood);
    const { credentials } = source(identity);
    await expect(
      connect(registry.host, { credentials }).headManifest('x', '1'),
    ).rejects.toEqual(slipwayError('SLIPWAY_E_REGISTRY_REFUSED'));
    expect(registry.lines).toHaveLength(1);
  });

  it('says what it says, but no secret', async () => {
    const { credentials } = source(basic());
    const echo = await serve((request, response) => {
      const { authorization = '' } = request.headers;
      const code = authorization ? 403 : 401;
      response.writeHead(code, { 'www-authenticate': 'Basic' });
      const message = `you sent ${authorization}, ${PASSWORD}`;
      response.end(JSON.stringify({ errors: [{ code: 'DENIED', message }] }));
    });
    const client = connect(echo.host, { credentials });
    const { message } = await errorOf(client.getManifest('x', '1'));
    expect(message).toMatch(/DENIED: you sent Basic \*\*\*, \*\*\*$/);
    expect([...client.secrets]).toEqual([
      PASSWORD,
      encoded(`user:${PASSWORD}`),
    ]);
  });
});

it('a registry shows no part of a secret where what it says is cut', async () => {
  const { credentials } = source(basic('password-1-and-the-rest'));
  const text = `${'x'.repeat(283)} password-1-and-the-rest`;
  const echo = await serve((request, response) => {
    const code = request.headers.authorization ? 403 : 401;
    response.writeHead(code, { 'www-authenticate': 'Basic' });
    response.end(JSON.stringify({ errors: [{ message: text }] }));
  });
  const client = connect(echo.host, { credentials });
  const { message } = await errorOf(client.getManifest('x', '1'));
  expect(message).toMatch(/xxx \*\*\*$/);
});

it('a registry shows no part of a secret that begins as another does', async () => {
  const { credentials } = source(basic('password'), basic('password-1-longer'));
  const echo = await serve((_request, response) => {
    response.writeHead(401, { 'www-authenticate': 'Basic' });
    const errors = [{ message: 'you sent password-1-longer' }];
    response.end(JSON.stringify({ errors }));
  });
  const client = connect(echo.host, { credentials });
  await errorOf(client.getManifest('x', '1'));
  const { message } = await errorOf(client.getManifest('x', '1'));
  expect(message).toMatch(/you sent \*\*\*$/);
});

describe('a registry that asks for a token', () => {
  it('gets one for nobody where there are no credentials', async () => {
    const tokens = await serve(json(200, { token: 'anonymous-1' }));
    const registry = await serveRegistry(
      bearer(tokens),
      (header) => header === 'Bearer anonymous-1',
    );
    const client = connect(registry.host);
    expect((await client.headManifest('acme/x', '1'))?.digest).toBe(DIGEST);
    expect(tokens.got[0]?.headers.authorization).toBeUndefined();
    expect(queryOf(tokens.lines[0])).toEqual({
      a: 'b',
      service: 'registry, inc',
      scope: 'repository:acme/x:pull',
    });
    expect([...client.secrets]).toEqual(['anonymous-1']);
  });

  it('gets one for a user, who is told to the token server alone', async () => {
    const tokens = await serve(json(200, { access_token: 'token-1' }));
    const registry = await serveRegistry(
      bearer(tokens),
      (header) => header === 'Bearer token-1',
    );
    const { credentials } = source(basic());
    const client = connect(registry.host, { credentials });
    await client.headManifest('x', '1');
    expect(tokens.got[0]?.headers.authorization).toBe(
      `Basic ${encoded(`user:${PASSWORD}`)}`,
    );
    expect(
      registry.got.map(({ headers }) => headers.authorization ?? ''),
    ).toEqual(['', 'Bearer token-1']);
  });

  it('asks OAuth2 for one with an identity token', async () => {
    const tokens = await serve(json(200, { access_token: 'token-1' }));
    const registry = await serveRegistry(
      bearer(tokens),
      (header) => header === 'Bearer token-1',
    );
    const { credentials } = source(identity);
    await connect(registry.host, { credentials }).headManifest('x', '1');
    expect(tokens.lines).toEqual(['POST /token?a=b']);
    const form = new URLSearchParams(tokens.got[0]?.body.toString());
    expect(Object.fromEntries(form)).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'identity-1',
      client_id: 'nx-slipway',
      service: 'registry, inc',
      scope: 'repository:x:pull',
    });
  });

  it('gets a registry token as it is', async () => {
    const tokens = await serve(json(500, {}));
    const registry = await serveRegistry(
      bearer(tokens),
      (header) => header === 'Bearer registry-1',
    );
    const { credentials } = source({
      kind: 'registryToken',
      token: 'registry-1',
      source: 'a file',
    });
    await connect(registry.host, { credentials }).headManifest('x', '1');
    expect(tokens.lines).toEqual([]);
  });

  it('gets one for each repository and for writes, and each only once', async () => {
    const tokens = await serve((request, response) => {
      const { scope } = queryOf(`GET ${request.url}`);
      const token = encoded(scope ?? '');
      response.end(JSON.stringify({ token, expires_in: 300 }));
    });
    const registry = await serve((request, response) => {
      const { authorization = '' } = request.headers;
      const scope = Buffer.from(authorization.slice(7), 'base64').toString();
      const [, , path] = request.url?.split('/') ?? [];
      const needs = request.method === 'PUT' ? 'pull,push' : 'pull';
      const isGood = scope.startsWith(`repository:${path}:${needs}`);
      if (isGood) ok(request, response);
      else {
        const headers = { 'www-authenticate': bearer(tokens) };
        response.writeHead(401, headers).end();
      }
    });
    const client = connect(registry.host);
    await client.headManifest('x', '1');
    await client.headManifest('x', '2');
    const put = { mediaType: 'a/b', bytes: Buffer.from('{}') };
    await client.putManifest('y', '1', put).catch(() => undefined);
    // The one to push is good enough to pull.
    await client.headManifest('y', '1');
    expect(tokens.lines.map((line) => queryOf(line).scope)).toEqual([
      'repository:x:pull',
      'repository:y:pull,push',
    ]);
    // Once it is known that there are tokens, no request is sent without.
    expect(
      registry.got.filter(({ headers }) => !headers.authorization),
    ).toHaveLength(1);
  });

  it('gives requests that begin together one token', async () => {
    const tokens = await serve(json(200, { token: 'token-1' }));
    const registry = await serveRegistry(
      bearer(tokens),
      (header) => header === 'Bearer token-1',
    );
    const client = connect(registry.host);
    const tags = ['1', '2', '3', '4'];
    await Promise.all(tags.map((tag) => client.headManifest('x', tag)));
    expect(tokens.lines).toHaveLength(1);
  });

  it('gets a new one when the old one is near its end', async () => {
    let count = 0;
    let now = 0;
    const tokens = await serve((_request, response) => {
      count += 1;
      response.end(JSON.stringify({ token: `token-${count}`, expires_in: 60 }));
    });
    const registry = await serveRegistry(
      bearer(tokens),
      (header) => header === `Bearer token-${count}`,
    );
    const client = connect(registry.host, { now: () => now });
    await client.headManifest('x', '1');
    now = 49_000;
    await client.headManifest('x', '1');
    expect(count).toBe(1);
    now = 51_000;
    await client.headManifest('x', '1');
    expect(count).toBe(2);
    expect(registry.lines).toHaveLength(4);
  });

  it('gets a new one when it no longer takes the old one, once', async () => {
    let count = 0;
    let good = 1;
    const tokens = await serve((_request, response) => {
      count += 1;
      response.end(JSON.stringify({ token: `token-${count}` }));
    });
    const registry = await serveRegistry(
      bearer(tokens),
      (header) => header === `Bearer token-${good}`,
    );
    const client = connect(registry.host);
    await client.headManifest('x', '1');
    good = 2;
    expect((await client.headManifest('x', '1'))?.digest).toBe(DIGEST);
    expect(count).toBe(2);
    good = 1;
    await expect(client.headManifest('x', '1')).rejects.toEqual(
      slipwayError('SLIPWAY_E_REGISTRY_REFUSED', /HTTP 401/),
    );
    expect(count).toBe(3);
  });

  it.each([
    ['bearer realm="http://TOKENS/"', 'over TLS', true],
    ['Bearer service="x"', 'does not say where tokens', false],
    ['Bearer realm="/token"', 'does not say where tokens', false],
    ['Bearer realm="file:///etc/passwd"', 'not over TLS', false],
  ])('is not followed to %s', async (challenge, why, isTls) => {
    const tokens = await serve(json(200, { token: 'token-1' }));
    const registry = await serve(
      (_request, response) => {
        const text = challenge.replace('TOKENS', tokens.host);
        response.writeHead(401, { 'www-authenticate': text }).end();
      },
      isTls ? certificate() : undefined,
    );
    const { credentials } = source(basic());
    const caFile = isTls ? certificate().caFile : '';
    const client = connect(registry.host, { credentials, caFile });
    const error = await errorOf(client.headManifest('x', '1'));
    expect(error.code).toBe('SLIPWAY_E_REGISTRY_FAILED');
    expect(error.message).toContain(why);
    expect(tokens.lines).toEqual([]);
  });
});

describe('a token server', () => {
  const ask = async (answer: RequestListener, ...answers: Credentials[]) => {
    const tokens = await serve(answer);
    const registry = await serveRegistry(bearer(tokens), () => false);
    const { credentials } = source(...answers);
    const client = connect(registry.host, { credentials });
    const error = await errorOf(client.headManifest('x', '1'));
    return { error, tokens, client };
  };

  it.each([400, 401, 403])('that answers HTTP %s refuses', async (status) => {
    const { error, tokens } = await ask(
      json(status, { errors: [{ code: 'DENIED', message: 'wrong password' }] }),
      basic(),
    );
    expect(error.code).toBe('SLIPWAY_E_REGISTRY_REFUSED');
    expect(error.message).toContain(
      `(HTTP ${status}) with the credentials of docker-credential-test.`,
    );
    expect(error.message).toContain(`${tokens.host}, which gives its tokens`);
    expect(error.message).toContain('DENIED: wrong password');
    expect(tokens.lines).toHaveLength(1);
  });

  it('that is not there is a fault of the registry', async () => {
    const { error } = await ask(json(404, {}), basic());
    expect(error.code).toBe('SLIPWAY_E_REGISTRY_FAILED');
    expect(error.message).toContain('HTTP 404');
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'token=secret-1'],
    ['no object', 'null'],
    ['no token', '{"token":7}'],
    ['a token that is no header', '{"token":"a\\r\\nhost: b"}'],
  ])('that gives %s is named', async (_what, text) => {
    const { error, tokens } = await ask((_request, response) =>
      response.end(text),
    );
    expect(error.code).toBe('SLIPWAY_E_REGISTRY_FAILED');
    expect(error.message).toContain(`${tokens.host} for tokens`);
    expect(JSON.stringify(error)).not.toContain('secret-1');
  });

  it('with a bad moment is asked again', async () => {
    const { error, tokens, client } = await ask(json(503, {}));
    expect(error.code).toBe('SLIPWAY_E_REGISTRY_FAILED');
    expect(tokens.lines).toHaveLength(4);
    expect(client.waits).toHaveLength(3);
  });

  it('that nobody listens at is named', async () => {
    const tokens = await serve(json(200, {}));
    const { host } = tokens;
    const registry = await serveRegistry(bearer(tokens), () => false);
    await tokens.close();
    await expect(connect(registry.host).headManifest('x', '1')).rejects.toEqual(
      slipwayError(
        'SLIPWAY_E_REGISTRY_UNREACHABLE',
        new RegExp(`the token server ${host} of the registry`),
      ),
    );
  });

  it('sends no password on to another host', async () => {
    const other = await serve(json(200, { token: 'token-1' }));
    const { tokens } = await ask(
      (_request, response) =>
        response.writeHead(302, { location: `http://${other.host}/t` }).end(),
      basic(),
    );
    expect(tokens.got[0]?.headers.authorization).toMatch(/^Basic /);
    expect(other.got[0]?.headers.authorization).toBeUndefined();
  });
});

it('a registry that wants what we do not have is refused', async () => {
  const registry = await serveRegistry('Negotiate', () => false);
  const { credentials } = source(basic());
  await expect(
    connect(registry.host, { credentials }).headManifest('x', '1'),
  ).rejects.toEqual(slipwayError('SLIPWAY_E_REGISTRY_REFUSED'));
});
