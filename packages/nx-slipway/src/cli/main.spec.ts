import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { useDockerApi } from '../testing/docker-api';
import { useTempFolder } from '../testing/temp-folder';

const REPOSITORY = join(__dirname, '../../../..');
const COMMAND = [
  join(REPOSITORY, 'e2e/sandbox/bootstrap.js'),
  join(__dirname, 'main.ts'),
];

const folder = useTempFolder();
const api = useDockerApi(folder);

it('names Node in its first line, since it is run as a program', () => {
  const text = readFileSync(join(__dirname, 'main.ts'), 'utf8');
  expect(text).toMatch(/^#!\/usr\/bin\/env node\n/);
});

it('is a program that answers on standard output', async () => {
  const args = [...COMMAND, '--version'];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
  expect([stdout, stderr]).toEqual([
    expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    '',
  ]);
});

it('shows no secret of its environment, and exits with the code', async () => {
  const secret = 'hunter2-hunter2';
  const env = { ...process.env, DEPLOY_TOKEN: secret };
  const args = [...COMMAND, secret];
  const failed = promisify(execFile)(process.execPath, args, { env });
  await expect(failed).rejects.toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/no command "\*\*\*"/) as string,
  });
});

it.each([
  [['image-deploy-ref', 'keycloak:dev'], /^localhost:5000\/keycloak:nx-\w+\n$/],
  [
    ['image-deploy-ref', '--json', 'keycloak:dev'],
    /"local":"localhost:5000\/keycloak:nx-/,
  ],
  [
    ['tilt', 'dump', 'image-deploy-ref', 'keycloak:dev'],
    /^localhost:5000\/keycloak:nx-\w+$/,
  ],
])('answers %j whole, though a variable looks secret', async (words, ref) => {
  await folder.write({ 'nx.json': '{}' });
  api.add({ tags: ['keycloak:dev'] });
  const context = {
    ref: 'keycloak',
    tagPrefix: 'nx',
    pin: 'tag',
    registry: 'localhost:5000',
  };
  const env = {
    ...process.env,
    DOCKER_HOST: api.address,
    KEYCLOAK_IMAGE: 'localhost:5000/keycloak',
    SLIPWAY_BUILD: JSON.stringify(context),
  };
  const run = promisify(execFile);
  const options = { env, cwd: folder.path };
  const { stdout } = await run(
    process.execPath,
    [...COMMAND, ...words],
    options,
  );
  expect(stdout).toMatch(ref);
});

it('ends quietly when nobody reads on', async () => {
  const child = spawn(process.execPath, [...COMMAND, '--help'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Closed before a word of it is read, as head may do.
  child.stdout.destroy();
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  expect(told).toBe('');
});

it('loads nothing of Nx in a build command, which would take longer', async () => {
  await folder.write({
    'nx.json': '{}',
    'tell.js': `process.on('exit', () => process.stderr.write(
      Object.keys(require.cache).filter((path) => path.includes('node_modules')).join('\\n')));`,
  });
  api.add({ tags: ['web:dev'] });
  const context = { ref: 'web', tagPrefix: 'nx', pin: 'both' };
  const env = {
    ...process.env,
    DOCKER_HOST: api.address,
    SLIPWAY_BUILD: JSON.stringify(context),
  };
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [
      '--require',
      folder.at('tell.js'),
      ...COMMAND,
      'image-deploy-ref',
      'web:dev',
    ],
    { env, cwd: folder.path },
  );
  expect(stdout).toMatch(/^web:nx-[0-9a-f]{16}\n$/);
  // Proof that what is loaded is told at all.
  expect(stderr).toContain('dockerode');
  expect(stderr).not.toMatch(/node_modules.(?:@nx|nx)[\\/]/);
});
