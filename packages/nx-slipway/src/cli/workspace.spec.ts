import { mkdir } from 'node:fs/promises';
import { slipwayError } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { parseArguments, type Arguments } from './arguments';
import { optionsOf, registryIn, workspaceRoot } from './workspace';

const folder = useTempFolder();

function given(...args: string[]): Arguments {
  const flags = {
    registry: { type: 'string' },
    workspace: { type: 'string' },
  } as const;
  return parseArguments(args, { name: 'x', words: [], flags }) as Arguments;
}

const plugins = (options: object) => [{ plugin: 'nx-slipway', options }];

describe('workspaceRoot', () => {
  it('is the nearest folder upwards with an nx.json', async () => {
    await folder.write({ 'nx.json': '{}', 'inner/nx.json': '{}' });
    const cwd = folder.at('inner/apps/web');
    await mkdir(cwd, { recursive: true });
    expect(await workspaceRoot(given(), { cwd })).toBe(folder.at('inner'));
  });

  it('is the one that is named, relative to the current folder', async () => {
    await folder.write({ 'nx.json': '{}', 'inner/nx.json': '{}' });
    const args = given('--workspace', '..');
    expect(await workspaceRoot(args, { cwd: folder.at('inner') })).toBe(
      folder.path,
    );
  });

  it('is none outside of a workspace, and none is made up', async () => {
    expect(await workspaceRoot(given(), { cwd: folder.path })).toBeUndefined();
    await expect(
      workspaceRoot(given('--workspace', '.'), { cwd: folder.path }),
    ).rejects.toThrow(slipwayError('SLIPWAY_E_USAGE', /no nx\.json/));
  });
});

describe('optionsOf', () => {
  it('reads nx.json and what it extends, with files made absolute', async () => {
    const registry = { host: 'reg.test:5000', caFile: 'certs/ca.pem' };
    await folder.write({
      'base.json': JSON.stringify({
        plugins: plugins({ registry, tagPrefix: 'ci' }),
      }),
      'nx.json': JSON.stringify({ extends: './base.json' }),
    });
    const options = await optionsOf(folder.path);
    expect(options).toMatchObject({
      tagPrefix: 'ci',
      registry: { ...registry, caFile: folder.at('certs/ca.pem') },
    });
  });

  it('has its defaults outside of a workspace', async () => {
    expect(await optionsOf(undefined)).toMatchObject({
      tagPrefix: 'nx',
      pin: 'both',
    });
  });

  it('says which file it cannot read', async () => {
    await folder.write({ 'nx.json': '{ "plugins": ' });
    await expect(optionsOf(folder.path)).rejects.toThrow(
      slipwayError('SLIPWAY_E_OPTION_INVALID', /nx\.json could not be read/),
    );
  });
});

describe('registryIn', () => {
  const inForce = {
    host: 'reg.test:5000',
    hostFromCluster: 'registry:5000',
    singleName: '',
    naming: 'escape' as const,
    insecure: true,
    caFile: '',
  };

  it('is the one in force where nothing is said', () => {
    expect(registryIn(given(), inForce)).toBe(inForce);
  });

  it('keeps what is known of the one in force', () => {
    const args = given('--registry', 'reg.test:5000');
    expect(registryIn(args, inForce)).toBe(inForce);
  });

  it('is another, of which nothing else is known', () => {
    const args = given('--registry', 'other.test');
    expect(registryIn(args, inForce)).toMatchObject({
      host: 'other.test',
      hostFromCluster: 'other.test',
      insecure: false,
    });
  });

  it('is a wrong command line where no registry can have that name', () => {
    expect(() => registryIn(given('--registry', 'a b'), inForce)).toThrow(
      slipwayError('SLIPWAY_E_USAGE', /--registry is "a b"/),
    );
  });

  it('is none where that is said', () => {
    expect(registryIn(given('--registry='), inForce)).toBeUndefined();
  });
});
