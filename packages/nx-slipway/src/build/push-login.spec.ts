import { dockerCredentials } from '../registry';
import { SlipwayError, type ErrorCode } from '../report';
import { errorOf } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { withLogin } from './push-login';

const folder = useTempFolder();
const HOST = 'reg.test:5000';

/** What Docker's config.json names, with no program but those in the folder. */
async function credentialsOf(config: object) {
  await folder.write({ 'config.json': JSON.stringify(config) });
  const env = { DOCKER_CONFIG: folder.path, PATH: `${folder.path}:/bin` };
  return dockerCredentials(env, {
    homedir: folder.path,
    onSecret: () => undefined,
  });
}

const LEFT_BEHIND = { credsStore: 'desktop.exe' };

describe('withLogin', () => {
  it.each([
    [
      'an auth',
      { auth: 'bWU6c2VzYW1l' },
      { username: 'me', password: 'sesame' },
    ],
    ['an identity token', { identitytoken: 't' }, { identitytoken: 't' }],
    ['a registry token', { registrytoken: 't' }, { registrytoken: 't' }],
  ])('logs in with %s', async (_what, entry, login) => {
    const credentials = await credentialsOf({ auths: { [HOST]: entry } });
    const used = await withLogin(HOST, credentials, (it) =>
      Promise.resolve(it),
    );
    expect(used).toEqual({ ...login, serveraddress: HOST });
  });

  it.each([
    ['is missing', ''],
    ['fails', '#!/bin/sh\nexit 3\n'],
  ])('logs in as nobody where a helper %s', async (_how, script) => {
    if (script) {
      await folder.script('docker-credential-desktop.exe', script);
    }
    const credentials = await credentialsOf(LEFT_BEHIND);
    const push = jest.fn().mockResolvedValue('pushed');
    expect(await withLogin(HOST, credentials, push)).toBe('pushed');
    expect(push).toHaveBeenCalledWith(undefined);
  });

  const failing = (code: ErrorCode) => () =>
    Promise.reject(new SlipwayError({ code, message: 'it could not push.' }));

  it('says that the login could not be read if nobody is refused', async () => {
    const push = failing('SLIPWAY_E_REGISTRY_REFUSED');
    const unread = await errorOf(
      withLogin(HOST, await credentialsOf(LEFT_BEHIND), push),
    );
    expect(unread.code).toBe('SLIPWAY_E_CREDENTIALS');
    expect(unread.message).toMatch(
      /docker-credential-desktop\.exe is not installed.*Without a login, it could not push\.$/,
    );
    expect(unread.hint).toMatch(/config\.json of Docker/);
    const none = await errorOf(withLogin(HOST, await credentialsOf({}), push));
    expect(none.code).toBe('SLIPWAY_E_REGISTRY_REFUSED');
  });

  it('leaves another fault of the push as it is', async () => {
    const push = failing('SLIPWAY_E_REGISTRY_UNREACHABLE');
    const error = await errorOf(
      withLogin(HOST, await credentialsOf(LEFT_BEHIND), push),
    );
    expect(error.code).toBe('SLIPWAY_E_REGISTRY_UNREACHABLE');
  });
});
