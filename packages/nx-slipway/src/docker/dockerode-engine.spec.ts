import type { ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { useDockerApi } from '../testing/docker-api';
import { createContext } from '../testing/docker-context';
import { useHttpServer } from '../testing/http-server';
import { errorOf } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { connectDocker } from './dockerode-engine';
import type { DockerEngine } from './engine';

const folder = useTempFolder();
const api = useDockerApi(folder);
const daemon = useHttpServer();
const opened: DockerEngine[] = [];

afterEach(() => {
  for (const docker of opened.splice(0)) docker.close();
});

function connect(env: Readonly<Record<string, string>>): DockerEngine {
  const docker = connectDocker({ DOCKER_CONFIG: folder.path, ...env });
  opened.push(docker);
  return docker;
}

/** At the socket of the staged Docker. */
const connected = () => connect({ DOCKER_HOST: api.address });
const error = (host: string) => errorOf(connect({ DOCKER_HOST: host }).ping());

/** Answers everything, from now on. */
function answerWith(status: number, body: string): void {
  api.intercept = (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body);
    return true;
  };
}

describe('a daemon that is stopped', () => {
  it('is not waited for without end', async () => {
    api.intercept = () => true;
    const env = { DOCKER_CONFIG: folder.path, DOCKER_HOST: api.address };
    const docker = connectDocker(env, { deadline: 50 });
    opened.push(docker);
    const failed = await errorOf(docker.inspect('busybox'));
    expect(failed.code).toBe('SLIPWAY_E_DOCKER_FAILED');
    expect(failed.message).toMatch(
      /failed to inspect busybox: it did not answer within 50ms/,
    );
  });
});

describe('a cancel', () => {
  it('is heard while a daemon says nothing, and leaves a second to tidy up', async () => {
    const cancel = new AbortController();
    api.intercept = () => {
      cancel.abort();
      return true;
    };
    const docker = connectDocker(
      { DOCKER_CONFIG: folder.path, DOCKER_HOST: api.address },
      { signal: cancel.signal },
    );
    opened.push(docker);
    expect(await errorOf(docker.inspect('busybox'))).toMatchObject({
      code: 'SLIPWAY_E_CANCELLED',
      message: 'cancelled while Docker was asked to inspect busybox.',
    });
    expect((await errorOf(docker.untag('busybox:1'))).message).toMatch(
      /remove the tag busybox:1: it did not answer within 1.0s/,
    );
    api.intercept = () => false;
    expect(await docker.untag('busybox:1')).toBe(true);
  });
});

describe('connectDocker', () => {
  it('talks to the daemon of a context on another machine', async () => {
    daemon.answer = api.listener;
    await createContext(folder, 'remote', `tcp://${daemon.host}`);
    const docker = connect({ DOCKER_CONTEXT: 'remote' });
    await docker.ping();
    expect(daemon.requests).toEqual(['GET /_ping']);
    // The command must build in that daemon too.
    expect(docker.env.DOCKER_HOST).toBe(`tcp://${daemon.host}`);
  });

  it("does not take what it is not told from the process's variables", async () => {
    const kept = process.env;
    process.env = {
      ...kept,
      DOCKER_HOST: 'tcp://127.0.0.1:1',
      DOCKER_TLS_VERIFY: '1',
    };
    try {
      await connected().ping();
      daemon.answer = api.listener;
      await connect({ DOCKER_HOST: daemon.host }).ping();
    } finally {
      process.env = kept;
    }
    expect(daemon.requests).toEqual(['GET /_ping']);
  });
});

describe('the images', () => {
  const tags = ['busybox:1.35', 'busybox:latest', 'localhost:5000/busybox:1'];

  beforeEach(() => {
    api.add({ tags: [...tags], bytes: 7 });
    api.add({ tags: ['<none>:<none>'] });
    api.add({ tags: ['busybox/more:1'] });
  });

  it('of a repository come with its tags alone', async () => {
    const [image] = api.images;
    const listed = { id: image?.id, tags: tags.slice(0, 2), bytes: 7 };
    expect(await connected().taggedImages('busybox')).toEqual([listed]);
    // As the containerd store answers: all tags of the image.
    answerWith(
      200,
      JSON.stringify([{ Id: image?.id, RepoTags: tags, Size: 7 }]),
    );
    expect(await connected().taggedImages('busybox')).toEqual([listed]);
    expect(await connected().taggedImages('localhost')).toEqual([]);
  });

  it('of all repositories come without those that have no tag', async () => {
    const listed = await connected().allTagged();
    expect(listed.flatMap((image) => image.tags)).toEqual([
      ...tags,
      'busybox/more:1',
    ]);
  });

  it('in use are those of stopped containers too, by id and by ref', async () => {
    api.containers.push({ ImageID: 'sha256:1', Image: 'busybox:1.35' });
    const used = await connected().imagesInUse();
    expect([...used]).toEqual(['sha256:1', 'busybox:1.35']);
    expect(api.requests).toEqual(['GET /containers/json?all=true']);
  });

  it('are inspected, unless they are not there', async () => {
    const docker = connected();
    const found = await docker.inspect('busybox:1.35');
    expect(found).toMatchObject({ Id: api.images[0]?.id, RepoTags: tags });
    expect(await docker.inspect('busybox:1.36')).toBeUndefined();
  });

  it('are looked into by a container that is never started', async () => {
    // What a run that was killed has left, and what another one has just made.
    const now = Date.now() / 1000;
    const made = [
      { Id: 'left', Created: now - 100 },
      { Id: 'new', Created: now },
    ];
    api.intercept = ({ method, url = '' }, response) => {
      const head = url.includes('busybox') ? 200 : 404;
      const status = { GET: 200, POST: 201, HEAD: head, DELETE: 204 };
      const known = status[method as keyof typeof status] ?? 500;
      const answer = method === 'GET' ? made : { Id: 'c1' };
      response.writeHead(known).end(JSON.stringify(answer));
      return true;
    };
    const files = ['/bin/sh', '/busybox/sh', '/usr/bin/sh'];
    expect(await connected().holdsFile('busybox:1.35', files)).toBe(true);
    expect(api.requests).toEqual([
      expect.stringMatching(
        /^GET .containers.json\?all=true&filters=.*nx-slipway.look/,
      ),
      'DELETE /containers/left?v=true',
      expect.stringMatching(/^POST .containers.create\?Image=busybox%3A1.35&/),
      'HEAD /containers/c1/archive?path=%2Fbin%2Fsh',
      'HEAD /containers/c1/archive?path=%2Fbusybox%2Fsh',
      'DELETE /containers/c1?v=true',
    ]);
  });

  it('are tagged and untagged; a tag that is gone is fine', async () => {
    const docker = connected();
    await docker.tag('busybox:1.35', 'web', '1');
    expect(await docker.untag('web:1')).toBe(true);
    expect(await docker.untag('web:1')).toBe(true);
    expect(api.requests.at(-1)).toBe('DELETE /images/web:1?noprune=true');
    expect(api.images[0]?.tags).toEqual(tags);
  });

  it('keep a tag that a container uses, which is no error', async () => {
    const image = api.add({ tags: ['web:1'] });
    api.containers.push({ ImageID: image.id, Image: 'web:1' });
    expect(await connected().untag('web:1')).toBe(false);
    expect(image.tags).toEqual(['web:1']);
  });
});

describe('saving', () => {
  const streamOf = (end: (response: ServerResponse) => void) => {
    api.intercept = (request, response) => {
      if (request.url !== '/images/web:1/get') return false;
      response.write('a tar');
      end(response);
      return true;
    };
  };

  it('streams the image of that tag', async () => {
    streamOf((response) => response.end(' of layers'));
    expect(await text(await connected().save('web:1'))).toBe('a tar of layers');
  });

  it('ends with an error where the daemon breaks off', async () => {
    streamOf((response) => setImmediate(() => response.destroy()));
    await expect(text(await connected().save('web:1'))).rejects.toThrow();
  });

  it('says that the image has gone', async () => {
    const { code } = await errorOf(connected().save('web:1'));
    expect(code).toBe('SLIPWAY_E_IMAGE_NOT_FOUND');
  });
});

it('tells what the daemon is', async () => {
  expect(await connected().info()).toEqual({
    version: '28.0.1',
    apiVersion: '1.48',
    machine: 'buildbox',
    kernelVersion: '6.1.0-18-amd64',
    operatingSystem: 'Debian GNU/Linux 12',
    storageDriver: 'overlayfs',
    isContainerdStore: true,
    architecture: 'x86_64',
    dockerRootDir: '/var/lib/docker',
    insecureRegistries: ['reg.test:5000', '127.0.0.0/8'],
  });
});

describe('a daemon that does not answer', () => {
  it('is named', async () => {
    const host = `unix://${folder.at('no.sock')}`;
    const { code, message, hint } = await error(host);
    expect(code).toBe('SLIPWAY_E_DOCKER_NOT_RUNNING');
    expect(message).toBe(`Docker does not answer at ${host} (ENOENT).`);
    expect(hint).toBe('Start Docker there; DOCKER_HOST names this address.');
  });

  it.each([
    ['a file', () => folder.write({ 'no.sock': '' })],
    ['a folder', () => folder.write({ 'no.sock/file': '' })],
  ])('is told apart from %s', async (_what, make) => {
    await make();
    const { code, message } = await error(`unix://${folder.at('no.sock')}`);
    expect(code).toBe('SLIPWAY_E_DOCKER_NOT_RUNNING');
    expect(message).toMatch(/that is no socket/);
  });
});

describe('what answers and is no Docker', () => {
  it.each([
    ['a page', 200, '<html>'],
    ['something that knows no ping', 404, '404 page not found'],
    ['something that is not done', 501, ''],
    ['an error page', 502, `<html>${'x'.repeat(5000)}`],
  ])('is %s', async (_what, status, body) => {
    answerWith(status, body);
    const { code, message } = await errorOf(connected().ping());
    expect(code).toBe('SLIPWAY_E_DOCKER_FAILED');
    expect(message).toContain(api.address);
    expect(message.length).toBeLessThan(700);
  });

  it('is cut nowhere, since that could be in a secret', async () => {
    const secret = 'correct-horse-battery';
    const text = `${'x'.repeat(390)} ${secret}`;
    answerWith(500, JSON.stringify({ message: text }));
    expect((await errorOf(connected().ping())).message).toContain(secret);
    answerWith(502, `<html>${text}`);
    const { message } = await errorOf(connected().ping());
    expect(message).toMatch(/: HTTP 502, and a page of text$/);
  });

  it.each([
    ['an image without an id', '{"RepoTags":[]}'],
    ['no JSON', '{"Id":'],
    ['a list', '[]'],
    ['nothing', ''],
  ])('gives %s', async (_what, body) => {
    answerWith(200, body);
    const docker = connected();
    const { code, message } = await errorOf(docker.inspect('x'));
    expect(code).toBe('SLIPWAY_E_DOCKER_FAILED');
    expect(message).toMatch(/asked to inspect x, it gave no sensible answer/);
    expect((await errorOf(docker.info())).code).toBe('SLIPWAY_E_DOCKER_FAILED');
  });

  it('lacks a request that Docker has', async () => {
    answerWith(404, '{"message":"page not found"}');
    const { code } = await errorOf(connected().inspect('x'));
    expect(code).toBe('SLIPWAY_E_DOCKER_FAILED');
    expect((await errorOf(connected().untag('x'))).code).toBe(code);
  });

  it('speaks no HTTP', async () => {
    const server = createServer((socket) =>
      socket.resume().end('SSH-2.0-x\r\n'),
    );
    const path = folder.at('other.sock');
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const { code } = await error(`unix://${path}`);
    await new Promise((resolve) => server.close(resolve));
    expect(code).toBe('SLIPWAY_E_DOCKER_FAILED');
  });

  it('wants TLS', async () => {
    answerWith(400, 'Client sent an HTTP request to an HTTPS server.\n');
    const { hint } = await errorOf(connected().ping());
    expect(hint).toMatch(/DOCKER_TLS_VERIFY=1/);
  });

  it('lets nobody in', async () => {
    answerWith(403, '{"message":"authorization denied by plugin"}');
    const { code, message } = await errorOf(connected().ping());
    expect(code).toBe('SLIPWAY_E_DOCKER_PERMISSION');
    expect(message).toMatch(/authorization denied by plugin$/);
  });
});
