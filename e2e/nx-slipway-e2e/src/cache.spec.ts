import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { addProject, deployRefOf, dockerfile } from './support/project';
import { TestWorkspace } from './support/workspace';

const PROJECT = 'apps/web/project.json';

interface ProjectJson {
  targets: { 'custom-build': { options: Record<string, unknown> } };
}

describe('what Nx caches of a custom-build', () => {
  let workspace: TestWorkspace;
  let ref: string;

  beforeAll(async () => {
    workspace = await TestWorkspace.create();
    await workspace.usePlugin();
    await addProject(workspace, 'web');
    ref = deployRefOf((await workspace.build('web')).output);
  });

  afterAll(() => workspace.remove());

  async function expectHit(): Promise<string> {
    const { output } = await workspace.build('web');
    expect(output).toMatch(/local cache|existing outputs match the cache/);
    return deployRefOf(output);
  }

  async function expectMiss(): Promise<string> {
    const { output } = await workspace.build('web');
    expect(output).toContain('Successfully ran target custom-build');
    expect(output).not.toMatch(/local cache|existing outputs match the cache/);
    return deployRefOf(output);
  }

  function setOption(name: string, value: unknown): Promise<void> {
    return workspace.editJson(PROJECT, (project) => {
      const { targets } = project as unknown as ProjectJson;
      targets['custom-build'].options[name] = value;
    });
  }

  it('is a hit the second time, and restores the record', async () => {
    const record = await workspace.read('.nx/slipway/web.json');
    await workspace.removeFile('.nx/slipway/web.json');
    expect(await expectHit()).toBe(ref);
    expect(await workspace.read('.nx/slipway/web.json')).toBe(record);
  });

  it('is a hit after a change to an ignored file', async () => {
    await workspace.write('apps/web/src/index.spec.ts', '// changed');
    expect(await expectHit()).toBe(ref);
    await workspace.removeFile('apps/web/src/index.spec.ts');
  });

  it('is a miss after a change to a dep, and a hit when it is changed back', async () => {
    const before = await workspace.read('apps/web/src/index.html');
    await workspace.write('apps/web/src/index.html', '<h1>changed</h1>');
    expect(await expectMiss()).not.toBe(ref);
    await workspace.write('apps/web/src/index.html', before);
    expect(await expectHit()).toBe(ref);
  });

  it('is a miss after a new file in a dep', async () => {
    await workspace.write('apps/web/src/new.html', 'new');
    expect(await expectMiss()).not.toBe(ref);
    await workspace.removeFile('apps/web/src/new.html');
  });

  it.each([
    ['command', 'docker build -q -t $EXPECTED_REF .'],
    ['env', { STAGE: 'two' }],
    ['platform', 'linux/amd64/v1'],
  ])('is a miss after a change to %s', async (option, value) => {
    const before = await workspace.read(PROJECT);
    await setOption(option, value);
    await expectMiss();
    await workspace.write(PROJECT, before);
    await expectHit();
  });

  it('caches nothing when a dep changes while the command runs', async () => {
    await addProject(workspace, 'moving', {
      options: {
        command: 'date +%N > src/stamp && docker build -t $EXPECTED_REF .',
      },
    });
    for (const round of ['first', 'second']) {
      const { exitCode, output } = await workspace.build('moving');
      expect([round, exitCode]).toEqual([round, 1]);
      expect(output).toContain(
        'SLIPWAY_E_INPUTS_CHANGED: apps/moving/src/stamp changed',
      );
      expect(output).not.toContain('local cache');
    }
    await expect(workspace.read('.nx/slipway/moving.json')).rejects.toThrow(
      'ENOENT',
    );
  });

  it('sees the executable bit in its own hash, which Nx does not', async () => {
    const hashOf = async () => {
      await workspace.nx(['run', 'web:custom-build', '--skip-nx-cache']);
      const record = await workspace.read('.nx/slipway/web.json');
      return (JSON.parse(record) as { inputHash: string }).inputHash;
    };
    const before = await hashOf();
    const file = join(workspace.root, 'apps/web/src/index.html');
    await chmod(file, 0o755);
    expect(await hashOf()).not.toBe(before);
    await chmod(file, 0o644);
    expect(await hashOf()).toBe(before);
  });

  it('builds a gitignored dist of another target soundly', async () => {
    await workspace.write('apps/site/page.txt', 'one');
    await addProject(workspace, 'site', {
      targets: {
        build: {
          command: 'mkdir -p dist && cp page.txt dist/',
          options: { cwd: '{projectRoot}' },
          cache: true,
          inputs: ['{projectRoot}/page.txt'],
          outputs: ['{projectRoot}/dist'],
        },
      },
      target: {
        dependsOn: ['build'],
        inputs: [
          '{projectRoot}/Dockerfile',
          { dependentTasksOutputFiles: '**/*' },
          { externalDependencies: ['nx-slipway'] },
        ],
      },
      options: { deps: ['dist', 'Dockerfile'] },
    });
    await workspace.write(
      '.gitignore',
      `${await workspace.read('.gitignore')}\ndist\n`,
    );
    await workspace.write(
      'apps/site/Dockerfile',
      dockerfile(workspace, 'site', 'COPY dist /app'),
    );
    const first = deployRefOf((await workspace.build('site')).output);
    await workspace.write('apps/site/page.txt', 'two');
    const second = deployRefOf((await workspace.build('site')).output);
    expect(second).not.toBe(first);
    await workspace.write('apps/site/page.txt', 'one');
    const { output } = await workspace.build('site');
    expect(deployRefOf(output)).toBe(first);
    expect(output.match(/local cache|existing outputs match/g)?.length).toBe(2);
  });
});
