import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tryRun } from './support/run';

describe('the packed plugin', () => {
  const tarball = process.env.SLIPWAY_E2E_TARBALL ?? '';
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slipway-package-'));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  const shell = (command: string) =>
    tryRun('sh', ['-c', command], { cwd: folder, env: process.env });

  it('holds only what it needs', async () => {
    const { stdout } = await shell(`tar -tzf ${tarball}`);
    const files = stdout
      .split('\n')
      .map((name) => name.replace('package/', ''));
    expect(files).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'executors.json',
        'generators.json',
        'migrations.json',
        'package.json',
        'src/executors/custom-build/schema.json',
        'src/executors/custom-build/schema.d.ts',
        'src/generators/recipes/recipe.schema.json',
        'src/generators/recipes/docker/recipe.json',
        'src/generators/recipes/script/files/build.sh',
      ]),
    );
    const spare = files.filter(
      (name) =>
        !/^(LICENSE|README\.md|\w+\.json|src\/.+\.(js|d\.ts)|src\/.+\/schema\.json|src\/generators\/recipes\/(recipe\.schema\.json|[\w-]+\/(recipe\.json|files\/[\w.-]+)))$/.test(
          name,
        ),
    );
    expect(spare).toEqual([]);
    expect(files.filter((name) => /spec|testing|tsconfig/.test(name))).toEqual(
      [],
    );
  });

  it('is what npm, Node and TypeScript take a package for', async () => {
    const publint = join(__dirname, '../../../node_modules/.bin/publint');
    const { exitCode, output } = await shell(`${publint} --strict ${tarball}`);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
  });

  it('installs in an empty workspace with no warning of ours, and loads', async () => {
    await writeFile(join(folder, 'package.json'), '{ "private": true }');
    const { exitCode, output } = await shell(
      `npm install --prefer-offline --no-audit --no-fund ${tarball}`,
    );
    expect(exitCode).toBe(0);
    expect(output).not.toMatch(/warn.*nx-slipway|deprecated/i);
    const loaded = await shell(
      `node -p "require('nx-slipway').name; require('nx-slipway/package.json').version; require('./node_modules/nx-slipway/src/executors/custom-build/executor').default.name"`,
    );
    expect(loaded.stdout).toBe('customBuild');
    const command = await shell('node_modules/.bin/slipway --help');
    expect(command.exitCode).toBe(0);
    expect(command.stdout).toContain('slipway COMMAND [OPTIONS]');
  });
});
