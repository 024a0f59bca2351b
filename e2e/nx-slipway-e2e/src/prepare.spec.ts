import {
  eventually,
  isAlive,
} from '../../../packages/nx-slipway/src/testing/wait';
import { PrepareWorkspace, type Ran } from './support/prepare-workspace';

let workspace: PrepareWorkspace;
beforeAll(async () => {
  workspace = await PrepareWorkspace.create();
});
afterAll(() => workspace.remove());

const run = (image: string) => workspace.ask<Ran>('run', image);
const together = <T>(images: string) => workspace.ask<T>('together', images);
const failure = (message: RegExp, code = 'SLIPWAY_E_COMMAND_FAILED') =>
  expect.objectContaining({
    code,
    message: expect.stringMatching(message) as unknown,
  }) as unknown as Error;

const LIB = 'libs/lib/src/index.ts';
const say = (value: string) => `export const lib = '${value}';\n`;
const compiled = () => workspace.read('dist/libs/lib/libs/lib/src/index.js');

describe('an image of what @nx/js compiles', () => {
  it('is prepared by what it names, of sources that Docker is not given', async () => {
    const { tasks, files } = await workspace.ask<{
      tasks: string[];
      files: string[];
    }>('tasks', 'web');
    expect(tasks).toEqual(['web:build']);
    expect(files).toEqual(
      expect.arrayContaining([
        LIB,
        'apps/web/src/index.ts',
        'tsconfig.base.json',
      ]),
    );
    expect(files.filter((file) => file.startsWith('dist'))).toEqual([]);
  });

  it('needs none where nothing but images and empty targets come before', async () => {
    expect(await workspace.ask('tasks', 'base')).toBeUndefined();
  });

  it('has what is compiled anew after a save', async () => {
    await run('web');
    expect(await compiled()).toContain("'one'");
    await workspace.write(LIB, say('two'));
    const { output } = await run('web');
    expect(await compiled()).toContain("'two'");
    expect(output).toMatch(/^> nx run lib:build\nlib: Compiling/);
    expect(output).not.toContain('\u001b');
  });

  it('costs little where all is in the cache', async () => {
    const { output } = await run('web');
    expect(output.split('\n')).toEqual([
      expect.stringMatching(/^> nx run lib:build {2}\[.+\]$/),
      expect.stringMatching(/^> nx run web:build {2}\[.+\]$/),
      '',
    ]);
  });

  it('has them back where they were deleted', async () => {
    await workspace.delete('dist');
    await run('web');
    expect(await compiled()).toContain("'two'");
  });

  it('has the second of two saves in the second in which Nx looked', async () => {
    const source = 'apps/copy/source';
    await workspace.write(source, 'first');
    await run('copy');
    const second = await workspace.secondOf(source);
    await workspace.write(source, 'again');
    await workspace.setTime(source, second + 0.8);
    await workspace.setTime('.nx/workspace-data/nx_files.nxt', second + 0.5);
    await run('copy');
    expect(await workspace.read('dist/copy/source')).toBe('again');
  });

  it('fails with what the compiler said, until it is mended', async () => {
    await workspace.write(LIB, 'export const lib: number = "three";\n');
    await expect(run('web')).rejects.toEqual(
      failure(
        /^lib:build failed, which must run before web:custom-build\. Its last lines:\n[^]*error TS2322: Type 'string' is not assignable to type 'number'(?![^]*duration)/,
      ),
    );
    await workspace.write(LIB, say('three'));
    await run('web');
    expect(await compiled()).toContain("'three'");
  });

  it('fails with what Nx says where it could run nothing', async () => {
    const nxJson = await workspace.read('nx.json');
    await workspace.write('nx.json', '{ "plugins": ["ghost"] }');
    await expect(run('web')).rejects.toEqual(
      failure(
        /^what must run before web:custom-build could not be run: .*ghost/s,
      ),
    );
    await workspace.write('nx.json', nxJson);
  });

  it('is prepared in the configuration that serve has', async () => {
    const { output } = await run('web:production');
    expect(output).toContain('> nx run web:build:production');
  });
});

/** `api` and `worker` need codegen, which counts its runs and is not cached. */
describe('images that are prepared at once', () => {
  const runs = async () => (await workspace.read('dist/codegen')).split('\n');
  const hasBegun = () => workspace.has('dist/codegen');
  beforeEach(async () => {
    await workspace.delete('dist/codegen');
    await workspace.delete('dist/go');
  });

  it('share one run, and see of it what is theirs', async () => {
    const [api, worker, web] = await together<Ran[]>('api,worker,web');
    expect(await runs()).toEqual(['begun', 'ended', '']);
    expect(api?.output).toContain('api: said ***, run for api with api');
    expect(worker?.output).toBe(api?.output);
    expect(web?.output).not.toContain('codegen');
  });

  it('run no task twice at a time, and others meanwhile', async () => {
    await workspace.write('dist/hold', '');
    const first = run('api');
    await eventually('its start', hasBegun);
    const second = run('worker');
    await run('web');
    await workspace.delete('dist/hold');
    await Promise.all([first, second]);
    expect(await runs()).toEqual(['begun', 'ended', 'begun', 'ended', '']);
  });

  it('do not fail with each other', async () => {
    const index = 'apps/web/src/index.ts';
    const before = await workspace.read(index);
    await workspace.write(index, 'export const web: number = "";\n');
    const [web, worker] = await together<unknown[]>('web,worker');
    await workspace.write(index, before);
    expect(web).toEqual(failure(/^web:build failed/));
    expect(worker).toHaveProperty('output');
  });

  it('are not cancelled with each other', async () => {
    await workspace.delete('dist/slow');
    const both = together<unknown[]>('api,slow');
    await eventually('its start', () => workspace.numberIn('dist/slow'));
    await workspace.ask('cancel', 'slow');
    await workspace.write('dist/go', '');
    const [api, slow] = await both;
    expect(api).toHaveProperty('output');
    expect(slow).toEqual(CANCELLED);
    expect(await runs()).toEqual(['begun', 'ended', '']);
  });
});

const CANCELLED = failure(
  /^cancelled, preparing slow:custom-build/,
  'SLIPWAY_E_CANCELLED',
);

describe('a task that takes long', () => {
  let pid: number;
  let end: Promise<unknown>;
  beforeEach(async () => {
    await workspace.delete('dist/slow');
    await workspace.delete('dist/go');
    end = run('slow').catch((error: unknown) => error);
    pid = await eventually('its start', () => workspace.numberIn('dist/slow'));
    expect(isAlive(pid)).toBe(true);
  });

  it('is gone when the error of a cancel is there, and may start again', async () => {
    await workspace.ask('cancel', 'slow');
    expect(await end).toEqual(CANCELLED);
    expect(isAlive(pid)).toBe(false);
    const again = run('slow');
    await workspace.write('dist/go', '');
    await again;
  });

  it('does not outlive a serve that is killed', async () => {
    workspace.kill();
    await eventually('its end', () => !isAlive(pid));
  });
});
