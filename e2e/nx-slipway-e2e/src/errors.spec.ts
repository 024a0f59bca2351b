import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { addProject } from './support/project';
import { TestWorkspace } from './support/workspace';

type Env = Record<string, string | undefined>;

describe('the errors that a user meets first', () => {
  let workspace: TestWorkspace;

  beforeAll(async () => {
    workspace = await TestWorkspace.create();
    await workspace.usePlugin();
  });

  afterAll(() => workspace.remove());

  /** Builds once, and looks at how it is told: code, reason, hint, no stack. */
  async function failure(options: Record<string, unknown>, env?: Env) {
    await addProject(workspace, 'broken', { options });
    const { exitCode, output } = await workspace.build('broken', env);
    expect(exitCode).toBe(1);
    expect(output).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
    const told = /^(SLIPWAY_E_\w+): ([\s\S]*?)\n {2}hint: (.+)$/m.exec(output);
    if (!told) throw new Error(`no code, reason and hint in:\n${output}`);
    return { code: told[1], reason: told[2], hint: told[3], output };
  }

  it('Docker is not running', async () => {
    const told = await failure(
      {},
      { DOCKER_HOST: 'unix:///nowhere/docker.sock' },
    );
    expect(told.code).toBe('SLIPWAY_E_DOCKER_NOT_RUNNING');
    expect(told.reason).toContain('unix:///nowhere/docker.sock');
    expect(told.hint).toContain('DOCKER_HOST');
  });

  it('the socket may not be used', async () => {
    await addProject(workspace, 'locked');
    const { exitCode, output } = await workspace.nxAsNobody([
      'run',
      'locked:custom-build',
    ]);
    expect(exitCode).toBe(1);
    expect(output).toContain('SLIPWAY_E_DOCKER_PERMISSION');
    expect(output).toMatch(/hint: .*group/);
  });

  it.each([
    ['in the shell', 'no-such-command-here $EXPECTED_REF'],
    ['as a list', ['no-such-command-here', '$EXPECTED_REF']],
  ])('a command is not found, %s', async (_form, command) => {
    const told = await failure({ command });
    expect(told.code).toBe('SLIPWAY_E_COMMAND_NOT_FOUND');
    expect(told.reason).toContain('no-such-command-here');
  });

  it('the command fails: its exit code and last lines', async () => {
    const told = await failure({
      command: 'for i in $(seq 30); do echo line-$i; done; exit 7',
    });
    expect(told.code).toBe('SLIPWAY_E_COMMAND_FAILED');
    expect(told.reason).toContain('exit code 7');
    expect(told.reason).toContain('line-30');
    expect(told.reason).not.toContain('line-9\n');
  });

  it('the command takes too long', async () => {
    const told = await failure({ command: 'sleep 1000', timeout: '300ms' });
    expect(told.code).toBe('SLIPWAY_E_COMMAND_TIMEOUT');
    expect(told.reason).toContain('300ms');
  });

  it('there is no image at EXPECTED_REF', async () => {
    const told = await failure({ command: 'true' });
    expect(told.code).toBe('SLIPWAY_E_IMAGE_NOT_FOUND');
    expect(told.reason).toContain('/broken:nx-build-');
    expect(told.reason).toContain(workspace.sandbox.dockerHost);
    expect(told.hint).toContain('$EXPECTED_REF');
  });

  it('the image is for another platform', async () => {
    const told = await failure({
      platform: 'linux/s390x',
      command: 'docker tag busybox:1.35 $EXPECTED_REF',
    });
    expect(told.code).toBe('SLIPWAY_E_IMAGE_PLATFORM');
    expect(told.reason).toContain('linux/s390x');
  });

  it('the registry cannot be reached', async () => {
    const told = await failure({ registry: 'localhost:1' });
    expect(told.code).toBe('SLIPWAY_E_REGISTRY_UNREACHABLE');
    expect(told.reason).toContain('localhost:1');
  });

  it.each([
    [401, 'SLIPWAY_E_REGISTRY_REFUSED'],
    [403, 'SLIPWAY_E_REGISTRY_REFUSED'],
    [503, 'SLIPWAY_E_REGISTRY_FAILED'],
  ])('the registry answers %i', async (status, code) => {
    const server = await answering(status);
    const { port } = server.address() as AddressInfo;
    const told = await failure({ registry: `localhost:${port}` });
    server.close();
    expect(told.code).toBe(code);
    expect(told.reason).toContain(String(status));
  });

  it('the registry lets nobody push', async () => {
    const server = await answering(404, 401);
    const { port } = server.address() as AddressInfo;
    const told = await failure({ registry: `localhost:${port}` });
    server.close();
    expect(told.code).toBe('SLIPWAY_E_REGISTRY_REFUSED');
  });

  it('ref is no image reference', async () => {
    const told = await failure({ ref: 'Front End' });
    expect(told.code).toBe('SLIPWAY_E_REF_INVALID');
    expect(told.reason).toContain('"Front End"');
  });

  it('an option does not exist', async () => {
    const told = await failure({ comand: 'true' });
    expect(told.code).toBe('SLIPWAY_E_OPTION_UNKNOWN');
    expect(told.reason).toContain('"comand"');
    expect(told.hint).toContain('command,');
  });

  it('a dep does not exist', async () => {
    const told = await failure({ deps: ['scr'] });
    expect(told.code).toBe('SLIPWAY_E_DEPS_MISSING');
    expect(told.reason).toContain('apps/broken/scr');
  });

  it('shows a stack when NX_VERBOSE_LOGGING asks for it', async () => {
    await addProject(workspace, 'verbose', { options: { command: 'true' } });
    const { output } = await workspace.build('verbose', {
      NX_VERBOSE_LOGGING: 'true',
    });
    expect(output).toMatch(/SLIPWAY_E_IMAGE_NOT_FOUND[\s\S]+\n\s+at /);
  });
});

/** @param push what a POST gets, where it differs from the rest */
async function answering(status: number, push = status): Promise<Server> {
  const server = createServer((request, response) => {
    response.statusCode = request.url === '/v2/' ? 200 : status;
    if (request.method === 'POST') response.statusCode = push;
    response.end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return server;
}
