import { writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { errorOf } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { useCertificate } from './testing/certificate';
import { useClients } from './testing/connect';
import { useServers } from './testing/servers';

const DIGEST = `sha256:${'a'.repeat(64)}`;

const folder = useTempFolder();
const serve = useServers();
const connect = useClients();
const certificate = useCertificate();
const ofAnother = useCertificate('DNS:elsewhere.example.com');

const ok: RequestListener = (_request, response) =>
  response.writeHead(200, { 'docker-content-digest': DIGEST }).end();

const head = async (...args: Parameters<typeof connect>) =>
  (await connect(...args).headManifest('x', '1'))?.digest;
const fault = (...args: Parameters<typeof connect>) =>
  errorOf(connect(...args).headManifest('x', '1'));

/** The same server by a name that is not loopback's. */
const far = ({ port }: { port: number }) => `0.0.0.0:${port}`;

it('may fail where it is prepared for, and the request says why', async () => {
  const client = connect('registry.example.com', { caFile: '/nowhere' });
  client.prepare();
  const error = await errorOf(client.headManifest('x', '1'));
  expect(error.code).toBe('SLIPWAY_E_REGISTRY_TLS');
});

describe('on loopback', () => {
  it('HTTP is spoken, and nothing else is tried', async () => {
    const server = await serve(ok);
    expect(await head(server.host)).toBe(DIGEST);
    expect(server.lines).toHaveLength(1);
  });

  it('a TLS server is found, and its certificate checked', async () => {
    const { host } = await serve(ok, certificate());
    const error = await fault(host);
    expect(error.code).toBe('SLIPWAY_E_REGISTRY_TLS');
    expect(error.message).toMatch(
      /not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
    );
    expect(error.hint).toMatch(/caFile.*insecure/);
    expect(await head(host, { insecure: true })).toBe(DIGEST);
  });

  it('TLS is spoken at once where there is a caFile', async () => {
    const { host } = await serve(ok, certificate());
    const { caFile } = certificate();
    expect(await head(host, { caFile })).toBe(DIGEST);
  });

  it('the scheme that works is kept', async () => {
    const server = await serve(ok, certificate());
    const client = connect(server.host, { insecure: true });
    await client.headManifest('x', '1');
    await client.headManifest('x', '2');
    expect(server.lines).toEqual([
      'HEAD /v2/x/manifests/1',
      'HEAD /v2/x/manifests/2',
    ]);
  });

  it('a 400 of a server of HTTP is one', async () => {
    const { host } = await serve((_request, response) =>
      response.writeHead(400).end(),
    );
    const error = await fault(host);
    expect(error.code).toBe('SLIPWAY_E_REGISTRY_FAILED');
    expect(error.message).toContain('HTTP 400');
  });
});

describe('elsewhere', () => {
  it('a registry of HTTP is refused, with what to do', async () => {
    const server = await serve(ok);
    const error = await fault(far(server));
    expect(error.code).toBe('SLIPWAY_E_REGISTRY_TLS');
    expect(error.message).toContain('does not speak TLS');
    expect(error.hint).toContain('insecure');
    expect(server.lines).toEqual([]);
  });

  it('insecure allows HTTP', async () => {
    expect(await head(far(await serve(ok)), { insecure: true })).toBe(DIGEST);
  });

  it('insecure allows any certificate', async () => {
    const server = await serve(ok, ofAnother());
    expect(await head(far(server), { insecure: true })).toBe(DIGEST);
  });

  it('a certificate has to be vouched for', async () => {
    const server = await serve(ok, certificate());
    expect((await fault(far(server))).code).toBe('SLIPWAY_E_REGISTRY_TLS');
    const { caFile } = certificate();
    expect(await head(far(server), { caFile })).toBe(DIGEST);
    expect(server.lines).toHaveLength(1);
  });

  it('a certificate has to be that of the host', async () => {
    const server = await serve(ok, ofAnother());
    const { caFile } = ofAnother();
    const error = await fault(far(server), { caFile });
    expect(error.message).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  it('what the system trusts is trusted', async () => {
    const server = await serve(ok, certificate());
    const env = { SSL_CERT_FILE: certificate().caFile };
    const more = { NODE_EXTRA_CA_CERTS: certificate().caFile };
    expect(await head(far(server), { env })).toBe(DIGEST);
    expect(await head(far(server), { env: more })).toBe(DIGEST);
  });
});

describe('a caFile', () => {
  it.each([
    ['that is not there', undefined, /ENOENT/],
    ['that holds no certificate', 'hello', /no PEM certificate/],
    [
      'that is broken',
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      /cannot be used/,
    ],
  ])('%s is an error of its own', async (_what, text, why) => {
    const caFile = folder.at('ca.pem');
    if (text !== undefined) writeFileSync(caFile, text);
    const error = await fault('0.0.0.0:1', { caFile });
    expect(error.code).toBe('SLIPWAY_E_REGISTRY_TLS');
    expect(error.message).toContain(caFile);
    expect(error.message).toMatch(why);
  });
});
