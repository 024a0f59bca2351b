import { inspect } from 'node:util';
import fc from 'fast-check';
import { useDockerApi } from '../testing/docker-api';
import { errorOf, slipwayError } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { eventually } from '../testing/wait';
import { authOf } from './auth';
import { connectDocker } from './dockerode-engine';
import type { DockerEngine, PushLogin } from './engine';
import { followPush } from './push';

const folder = useTempFolder();
const api = useDockerApi(folder);
const DIGEST = `sha256:${'a'.repeat(64)}`;
const DONE = { progressDetail: {}, aux: { Tag: '1', Digest: DIGEST } };
let docker: DockerEngine;

beforeEach(() => {
  docker = connectDocker({ DOCKER_HOST: api.address });
});
afterEach(() => docker.close());

const push = (login?: PushLogin) => docker.push('host:5000/x', '1', login);

it('tells the digest that Docker names', async () => {
  api.push = [{ status: 'Preparing', id: 'x' }, DONE];
  expect(await push()).toBe(DIGEST);
  expect(api.requests).toEqual(['POST /images/host:5000/x/push?tag=1']);
});

describe('the login', () => {
  const serveraddress = 'host:5000';

  async function sent(login?: PushLogin) {
    api.push = [DONE];
    let header = '';
    api.intercept = ({ headers }) => {
      header = String(headers['x-registry-auth']);
      return false;
    };
    await push(login);
    return {
      header,
      login: JSON.parse(Buffer.from(header, 'base64url').toString()) as unknown,
    };
  }

  it.each<PushLogin>([
    { username: 'me', password: 'päss>>>???', serveraddress },
    { identitytoken: 'token', serveraddress },
    { registrytoken: 'token', serveraddress },
  ])('goes in the header, and nowhere else: %j', async (login) => {
    const { header, login: received } = await sent(login);
    expect(received).toEqual(login);
    expect(header).toMatch(/^[\w=-]+$/);
    expect(api.requests).toEqual(['POST /images/host:5000/x/push?tag=1']);
  });

  it('is in no debug log', () => {
    const auth = authOf({ username: 'me', password: 'hunter2', serveraddress });
    const written = inspect(
      { headers: auth },
      { showHidden: true, depth: null },
    );
    expect(written).toContain('***');
    expect(written).not.toContain(String(auth.key));
  });

  it('of nobody is an empty one', async () => {
    expect((await sent()).login).toEqual({});
  });
});

it('sorts an error that the stream ends with', async () => {
  const error = 'denied: requested access to the resource is denied';
  api.push = [
    { status: 'Preparing' },
    { error, errorDetail: { message: error } },
  ];
  const { code, message } = await errorOf(push());
  expect(code).toBe('SLIPWAY_E_REGISTRY_REFUSED');
  expect(message).toBe(`Docker could not push host:5000/x:1: ${error}`);
});

describe.each([
  // docker-registry 2.8, of two builds of one image at once.
  'errors: digest invalid manifest blob unknown: blob unknown to registry',
  'received unexpected HTTP status: 500 Internal Server Error',
])('a push that meets another of the same layers: %s', (error) => {
  const failed = [{ error, errorDetail: { message: error } }];

  it.each([1, 2])('is tried again: %d times in the way', async (times) => {
    api.intercept = () => {
      api.push = api.requests.length > times ? [DONE] : failed;
      return false;
    };
    expect(await push()).toBe(DIGEST);
    expect(api.requests).toHaveLength(times + 1);
  });

  it('is no more than three', async () => {
    api.push = failed;
    const { code, hint } = await errorOf(push());
    expect(code).toBe('SLIPWAY_E_REGISTRY_FAILED');
    expect(hint).toMatch(/run it again/);
    expect(api.requests).toHaveLength(3);
  });
});

it('sorts an error that comes in place of a stream', async () => {
  api.intercept = (_request, response) => {
    response.writeHead(500, { 'content-type': 'application/json' });
    response.end('{"message":"no basic auth credentials"}');
    return true;
  };
  const { code, message } = await errorOf(push());
  expect(code).toBe('SLIPWAY_E_REGISTRY_REFUSED');
  expect(message).toMatch(/host:5000\/x:1: no basic auth credentials$/);
});

it('says that an image is gone', async () => {
  api.intercept = (_request, response) => {
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end('{"message":"No such image: host:5000/x:1"}');
    return true;
  };
  expect((await errorOf(push())).code).toBe('SLIPWAY_E_IMAGE_NOT_FOUND');
});

describe('a stream without a digest or an error', () => {
  const half = `${JSON.stringify({ status: 'Pushing' })}\r\n`;

  it.each<[string, (socket: { end(): void; destroy(): void }) => void]>([
    ['that ends as if all were well', (response) => response.end()],
    ['that breaks', (response) => response.destroy()],
  ])('%s is an error that says so', async (_how, end) => {
    api.intercept = (_request, response) => {
      response.write(half, () => end(response));
      return true;
    };
    const { code, message, hint } = await errorOf(push());
    expect(code).toBe('SLIPWAY_E_DOCKER_FAILED');
    expect(message).toMatch(/broke off while it pushed host:5000\/x:1/);
    expect(hint).toMatch(/run it again/);
  });

  it.each(['no json', '"text"', 'null', '{"aux":{"Digest":"sha256:short"}}'])(
    'but %s in it is one too',
    async (line) => {
      const stream = (async function* () {
        yield Buffer.from(await Promise.resolve(`${line}\n`));
      })();
      const { code } = await errorOf(followPush(stream, 'x:1', 'unix:///s'));
      expect(code).toBe('SLIPWAY_E_DOCKER_FAILED');
    },
  );
});

describe('a push that is cancelled', () => {
  it.each([
    ['before it begins', 'nothing'],
    ['before Docker answers', 'the request'],
    ['while Docker waits for the registry', 'half an answer'],
  ])('%s ends at once, in Docker too', async (_when, seen) => {
    const cancel = new AbortController();
    let isLeft = false;
    api.intercept = (_request, response) => {
      response.on('close', () => (isLeft = true));
      if (seen === 'the request') cancel.abort();
      else response.write('{"status":"Pushing"}\r\n', () => cancel.abort());
      return true;
    };
    if (seen === 'nothing') cancel.abort();
    const push = docker.push('host:5000/x', '1', undefined, cancel.signal);
    await expect(push).rejects.toEqual(
      slipwayError('SLIPWAY_E_CANCELLED', /push of host:5000\/x:1/),
    );
    if (seen === 'nothing') expect(api.requests).toEqual([]);
    else await eventually('the end of the request', () => isLeft);
  });
});

it('reads lines wherever the stream is cut', async () => {
  const status = { status: 'Ünïcode ✓' };
  const bytes = Buffer.from(
    `${JSON.stringify(status)}\r\n\n${JSON.stringify(DONE)}`,
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: bytes.length })),
      async (cuts) => {
        const ends = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        async function* stream() {
          for (let i = 1; i < ends.length; i++) {
            yield await Promise.resolve(bytes.subarray(ends[i - 1], ends[i]));
          }
        }
        expect(await followPush(stream(), 'x:1', 'unix:///s')).toBe(DIGEST);
      },
    ),
  );
});
