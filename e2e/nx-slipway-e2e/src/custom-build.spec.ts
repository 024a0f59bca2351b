import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  parseRecord,
  parseReference,
} from '../../../packages/nx-slipway/src/image';
import { openRegistry } from './support/registry';
import { addProject, deployRefOf } from './support/project';
import { TestWorkspace } from './support/workspace';

const README = readFileSync(join(__dirname, '../../../README.md'), 'utf8');

/** The file that the README tells a newcomer to type. */
function readmeExample(): string {
  const block =
    /```jsonc?\n\/\/ apps\/frontend\/project\.json\n([\s\S]*?)```/.exec(README);
  if (!block?.[1])
    throw new Error('the README shows no apps/frontend/project.json');
  return block[1];
}

describe('nx run frontend:custom-build', () => {
  let workspace: TestWorkspace;

  beforeAll(async () => {
    workspace = await TestWorkspace.create();
    const { host } = workspace.sandbox.registry;
    const added = await workspace.nx([
      'g',
      'nx-slipway:init',
      `--registry=${host}`,
    ]);
    expect(added.exitCode).toBe(0);
  });

  afterAll(() => workspace.remove());

  it('works as the README types it, and ends with the deploy ref', async () => {
    await addProject(workspace, 'frontend');
    await workspace.write('apps/frontend/project.json', readmeExample());
    await workspace.write('apps/frontend/public/shop.css', 'body {}\n');

    const { exitCode, output } = await workspace.build('frontend');

    expect(output).toContain('Successfully ran target custom-build');
    expect(exitCode).toBe(0);
    const { host } = workspace.sandbox.registry;
    const ref = parseReference(deployRefOf(output));
    expect(ref).toMatchObject({ domain: host, path: 'frontend' });
    const record = parseRecord(
      await workspace.read('.nx/slipway/frontend.json'),
    );
    expect(ref.tag).toBe(`nx-${record?.contentId.slice(7, 23)}`);
    const manifest = await openRegistry(host).headManifest(
      'frontend',
      ref.tag ?? '',
    );
    expect(manifest?.digest).toBe(ref.digest);
  });

  it.each([
    ['success', 'docker build -t $EXPECTED_REF .', 0],
    ['failure', 'docker build -t $EXPECTED_REF . && exit 3', 1],
  ])(
    'leaves no transient tag in Docker after %s',
    async (how, command, code) => {
      // A name of its own: killed runs of other tests may have left theirs.
      const name = `tidy-${how}-${randomBytes(4).toString('hex')}`;
      await addProject(workspace, name, { options: { command } });
      expect((await workspace.build(name)).exitCode).toBe(code);
      const tags = await workspace.docker(
        'images',
        '--format',
        '{{.Tag}}',
        `*/${name}`,
      );
      expect(tags).toMatch(code === 0 ? /^nx-[0-9a-f]{16}$/ : /^$/);
    },
  );

  it('pushes nothing that the registry has, and keeps the ref', async () => {
    const first = await workspace.build('frontend');
    const again = await workspace.nx([
      'run',
      'frontend:custom-build',
      '--skip-nx-cache',
    ]);
    expect(again.output).toContain('already');
    expect(deployRefOf(again.output)).toBe(deployRefOf(first.output));
  });

  it('writes byte-identical records for identical results', async () => {
    const record = await workspace.read('.nx/slipway/frontend.json');
    await workspace.nx(['run', 'frontend:custom-build', '--skip-nx-cache']);
    expect(await workspace.read('.nx/slipway/frontend.json')).toBe(record);
  });

  it('runs a list without a shell and expands the contract variables in it', async () => {
    await addProject(workspace, 'listed', {
      options: { command: ['docker', 'build', '-t', '$EXPECTED_REF', '.'] },
    });
    const { output } = await workspace.build('listed');
    expect(deployRefOf(output)).toContain('/listed:nx-');
  });

  it('tells the command where the image goes', async () => {
    await addProject(workspace, 'told', {
      options: {
        ref: 'gcr.io/acme/told',
        command:
          'echo "[$EXPECTED_REF][$EXPECTED_REGISTRY/$EXPECTED_IMAGE:$EXPECTED_TAG][$REGISTRY_HOST][$GREETING][$SLIPWAY_PLATFORM]"; docker build -q -t $EXPECTED_REF .',
        env: { GREETING: 'hello', EXPECTED_TAG: 'mine' },
      },
    });
    const { output } = await workspace.build('told');
    const { host } = workspace.sandbox.registry;
    const told = /^\[(.*?)\]\[(.*?)\]\[(.*?)\]\[(.*?)\]\[(.*?)\]$/m.exec(
      output,
    );
    expect(told?.[1]).toMatch(`${host}/gcr.io_acme_told:nx-build-`);
    expect(told?.[2]).toBe(told?.[1]);
    expect(told?.slice(3)).toEqual([host, 'hello', 'linux/amd64']);
    expect(output).toContain('env sets EXPECTED_TAG');
  });

  it('deploys the name that the cluster knows the registry by', async () => {
    const { host, hostFromCluster } = workspace.sandbox.registry;
    await addProject(workspace, 'two-sided', {
      options: { registry: { host, hostFromCluster, naming: 'preserve' } },
    });
    const ref = deployRefOf((await workspace.build('two-sided')).output);
    expect(ref.startsWith(`${hostFromCluster}/two-sided:nx-`)).toBe(true);
    const { path, tag = '' } = parseReference(ref);
    expect(await openRegistry(host).headManifest(path, tag)).toBeDefined();
  });

  it('reads a path from the workspace root only where it says so', async () => {
    await workspace.write('libs/shared/text.txt', 'shared');
    await addProject(workspace, 'rooted', {
      options: {
        dir: '{workspaceRoot}',
        command:
          'docker build -t $EXPECTED_REF -f apps/rooted/Dockerfile apps/rooted',
        deps: ['src', '{workspaceRoot}/libs/shared'],
        recordFile: '{workspaceRoot}/dist/rooted.json',
      },
      target: { outputs: ['{workspaceRoot}/dist/rooted.json'] },
    });
    const hashOf = async () => {
      const { output } = await workspace.nx([
        'run',
        'rooted:custom-build',
        '--skip-nx-cache',
      ]);
      expect(deployRefOf(output)).toContain('/rooted:nx-');
      return parseRecord(await workspace.read('dist/rooted.json'))?.inputHash;
    };
    const before = await hashOf();
    await workspace.write('libs/shared/text.txt', 'changed');
    expect(await hashOf()).not.toBe(before);
  });

  it('stays in Docker without a registry', async () => {
    await addProject(workspace, 'local', { options: { registry: '' } });
    const ref = deployRefOf((await workspace.build('local')).output);
    expect(ref).toMatch(/^local:nx-[0-9a-f]{16}$/);
    expect(await workspace.docker('inspect', '-f', '{{.Os}}', ref)).toBe(
      'linux',
    );
  });

  it('shows no secret of the environment', async () => {
    await addProject(workspace, 'quiet', {
      options: {
        command:
          'echo "token is $DEPLOY_TOKEN"; docker build -q -t $EXPECTED_REF .',
      },
    });
    const { output } = await workspace.build('quiet', {
      DEPLOY_TOKEN: 'hunter2-hunter2',
    });
    expect(output).toContain('token is ***');
    expect(output).not.toContain('hunter2-hunter2');
  });

  it('lists its options with descriptions in --help', async () => {
    const { output } = await workspace.nx([
      'run',
      'frontend:custom-build',
      '--help',
    ]);
    expect(output).toContain('--deps');
    expect(output).not.toContain('undefined');
  });
});
