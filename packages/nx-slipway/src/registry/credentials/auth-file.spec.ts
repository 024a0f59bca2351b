import fc from 'fast-check';
import { slipwayError } from '../../testing/slipway-error';
import {
  credentialsIn,
  helperFor,
  parseAuthFile,
  serverUrlOf,
} from './auth-file';

const PATH = '/home/me/.docker/config.json';
const encoded = (text: string) => Buffer.from(text).toString('base64');
const login = { auth: encoded('me:pass:word') };
const found = {
  kind: 'basic',
  username: 'me',
  password: 'pass:word',
  source: PATH,
};

const parse = (value: unknown) => parseAuthFile(JSON.stringify(value), PATH);
const inAuths = (auths: unknown, host = 'reg.io:5000') =>
  credentialsIn(parse({ auths }), host);

describe('credentialsIn', () => {
  it.each([
    ['the host', 'reg.io:5000', 'reg.io:5000'],
    ['a URL', 'https://reg.io:5000', 'reg.io:5000'],
    ['an old URL', 'http://reg.io:5000/v1/', 'reg.io:5000'],
    ['a part of a registry', 'reg.io:5000/team', 'reg.io:5000'],
    ['upper case', 'Reg.IO:5000', 'reg.io:5000'],
    ['the key of Docker Hub', 'https://index.docker.io/v1/', 'docker.io'],
    ['Docker Hub by name', 'docker.io', 'docker.io'],
  ])('knows %s as a key', (_what, key, host) => {
    expect(inAuths({ [key]: login }, host)).toEqual(found);
  });

  it.each(['reg.io', 'reg.io:50000', 'my.reg.io:5000', 'io:5000'])(
    'does not take %s for it',
    (key) => expect(inAuths({ [key]: login })).toBeUndefined(),
  );

  it('takes the plain host before what is like it', () => {
    const other = { auth: encoded('other:x') };
    expect(inAuths({ 'reg.io:5000/a': other, 'reg.io:5000': login })).toEqual(
      found,
    );
  });

  it.each([
    ['an identity token', { identitytoken: 't' }, 'identityToken'],
    ['a registry token', { registrytoken: 't' }, 'registryToken'],
    [
      'one beside a password',
      { ...login, identitytoken: 't' },
      'identityToken',
    ],
  ])('knows %s', (_what, entry, kind) => {
    expect(inAuths({ 'reg.io:5000': entry })).toEqual({
      kind,
      token: 't',
      source: PATH,
    });
  });

  it('knows a name and a password in plain', () => {
    const entry = { username: 'me', password: 'pass:word' };
    expect(inAuths({ 'reg.io:5000': entry })).toEqual(found);
  });

  it('leaves out what Docker pads passwords with', () => {
    const entry = { auth: encoded('me:pass:word\0\0') };
    expect(inAuths({ 'reg.io:5000': entry })).toEqual(found);
  });

  it.each([[{}], [null], [{ auth: '' }], [{ email: 'me@example.com' }]])(
    'finds nothing in %j, which a helper leaves there',
    (entry) => expect(inAuths({ 'reg.io:5000': entry })).toBeUndefined(),
  );

  it.each([
    ['auth', { auth: 'no colon in here' }],
    ['auth', { auth: encoded(':secret') }],
    ['auth', { auth: 7 }],
    ['identitytoken', { identitytoken: {} }],
    ['auths', 'secret'],
  ])('refuses a broken %s, if it is of that host', (what, entry) => {
    const auths = { 'reg.io:5000': entry, 'other.io': login };
    expect(() => inAuths(auths)).toThrow(
      slipwayError('SLIPWAY_E_CREDENTIALS', new RegExp(`${what}.*reg.io:5000`)),
    );
    expect(inAuths(auths, 'other.io')).toEqual({ ...found });
  });
});

describe('helperFor', () => {
  it('is that of the host, or else that of all', () => {
    const file = parse({
      credsStore: 'desktop.exe',
      credHelpers: { 'gcr.io': 'gcloud', 'https://index.docker.io/v1/': 'hub' },
    });
    expect(helperFor(file, 'gcr.io')).toBe('gcloud');
    expect(helperFor(file, 'docker.io')).toBe('hub');
    expect(helperFor(file, 'ghcr.io')).toBe('desktop.exe');
    expect(helperFor(parse({}), 'ghcr.io')).toBe('');
  });

  it('is none for a host that says so', () => {
    const file = parse({
      credsStore: 'desktop.exe',
      credHelpers: { 'reg.io': '' },
    });
    expect(helperFor(file, 'reg.io')).toBe('');
  });
});

describe('parseAuthFile', () => {
  it.each([
    '{"auths": {"a": "secret-1"',
    'secret-1',
    '["secret-1"]',
    '{"auths": "secret-1"}',
    '{"credHelpers": ["secret-1"]}',
    '{"credsStore": {"a": "secret-1"}}',
    '{"credHelpers": {"constructor": 7, "x": "secret-1"}, "auths": 1}',
  ])('says of %s where it is, and nothing of it', (text) => {
    let thrown: unknown;
    try {
      parseAuthFile(text, PATH);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toEqual(
      slipwayError('SLIPWAY_E_CREDENTIALS', new RegExp(PATH)),
    );
    const { message, cause } = thrown as Error;
    expect(message).not.toContain('secret-1');
    expect(cause).toBeUndefined();
  });

  it('takes what every object has for no host', () => {
    const file = parse({ auths: {}, credHelpers: {} });
    for (const host of ['constructor', '__proto__', 'toString']) {
      expect(credentialsIn(file, host)).toBeUndefined();
      expect(helperFor(file, host)).toBe('');
    }
  });

  it('gives credentials or an error of ours, whatever it is given', () => {
    fc.assert(
      fc.property(fc.json(), fc.jsonValue(), (text, entry) => {
        for (const value of [text, JSON.stringify({ auths: { a: entry } })]) {
          try {
            credentialsIn(parseAuthFile(value, PATH), 'a');
          } catch (error) {
            expect(error).toEqual(slipwayError('SLIPWAY_E_CREDENTIALS'));
          }
        }
      }),
    );
  });
});

describe('serverUrlOf', () => {
  it('is what Docker asks helpers for', () => {
    expect(serverUrlOf('docker.io')).toBe('https://index.docker.io/v1/');
    expect(serverUrlOf('ghcr.io')).toBe('ghcr.io');
  });
});
