import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { useTempFolder } from '../../testing/temp-folder';
import type { DockerInfo } from '../../docker';
import { SlipwayError } from '../../report';
import { ofFreeSpace } from './disk';
import { ok } from './finding';
import { checkGitIgnore } from './git-ignore';
import { checkRegistryInDocker, isInsecure } from './registry';
import { runChecks } from './run-checks';
import { checkNode, isIn } from './versions';
import { checkWatchLimits } from './watch-limits';

const folder = useTempFolder();

describe('runChecks', () => {
  const SOON = 20;

  it('keeps the order, whichever ends first', async () => {
    let release = () => undefined as void;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const checks = [
      { name: 'slow', look: () => gate.then(() => ok('late')) },
      {
        name: 'quick',
        look: () => {
          release();
          return Promise.resolve(ok('early'));
        },
      },
    ];
    const results = await runChecks(checks, 10_000);
    expect(results.map(({ name }) => name)).toEqual(['slow', 'quick']);
  });

  it('takes what a check throws for its finding, on one line', async () => {
    const error = new SlipwayError({
      code: 'SLIPWAY_E_DOCKER_FAILED',
      message: 'first\n\u001b[31msecond',
      hint: 'do\nthis',
    });
    const look = () => Promise.reject(error);
    expect(await runChecks([{ name: 'a', look }], 10_000)).toEqual([
      { name: 'a', status: 'fail', detail: 'first [31msecond', fix: 'do this' },
    ]);
  });

  it('tells of a defect of its own without losing the others', async () => {
    const results = await runChecks(
      [
        { name: 'a', look: () => Promise.reject(new TypeError('oops')) },
        { name: 'b', look: () => Promise.resolve(ok('fine')) },
      ],
      10_000,
    );
    expect(results.map(({ status }) => status)).toEqual(['fail', 'ok']);
    expect(results[0]?.detail).toContain('oops');
  });

  it('does not wait for ever', async () => {
    const look = () => new Promise<never>(() => undefined);
    const [result] = await runChecks([{ name: 'a', look }], SOON);
    expect(result).toMatchObject({ status: 'fail' });
    expect(result?.detail).toContain('no answer in 20ms');
  });
});

describe('isIn', () => {
  it.each([
    ['22.7.0', true],
    ['22.6.9', false],
    ['23.0.0-beta.1', true],
    ['24.99.99', true],
    ['25.0.0', false],
  ])('finds %s in >=22.7 <25: %s', (version, is) => {
    expect(isIn(version, '>=22.7 <25')).toBe(is);
  });

  it('orders versions by number', () => {
    const version = fc.tuple(fc.nat(40), fc.nat(40), fc.nat(40));
    fc.assert(
      fc.property(version, version, (a, b) => {
        const [left, right] = [a.join('.'), b.join('.')];
        const at = a.findIndex((number, index) => number !== b[index]);
        const isLess = at >= 0 && a[at]! < b[at]!;
        expect(isIn(left, `<${right}`)).toBe(isLess);
        expect(isIn(left, `>=${right}`)).toBe(!isLess);
      }),
    );
  });

  it('says which Node is wanted', () => {
    const info = {
      version: '1.0.0',
      engines: { node: '>=20.19.0' },
      peerDependencies: {},
    };
    expect(checkNode('20.19.0', info).status).toBe('ok');
    expect(checkNode('18.20.4', info)).toMatchObject({
      status: 'fail',
      fix: 'Install Node >=20.19.0.',
    });
  });
});

describe('the limits of watching', () => {
  it('are fine where they are high', async () => {
    await folder.write({
      max_user_watches: '524288\n',
      max_user_instances: '512\n',
      max_queued_events: '16384\n',
    });
    expect((await checkWatchLimits(folder.path)).status).toBe('ok');
  });

  it('come with the line that raises those that are low', async () => {
    await folder.write({
      max_user_watches: '8192\n',
      max_user_instances: '512\n',
      max_queued_events: '100\n',
    });
    const { status, fix } = await checkWatchLimits(folder.path);
    expect(status).toBe('warn');
    expect(fix).toMatch(
      /^sudo sysctl -w fs\.inotify\.max_user_watches=524288 fs\.inotify\.max_queued_events=16384 /,
    );
  });

  it('are skipped where there are none', async () => {
    const { status } = await checkWatchLimits(folder.at('none'));
    expect(status).toBe('skip');
  });
});

it.each([
  [0.9e9, 'fail'],
  [1e9, 'warn'],
  [4.9e9, 'warn'],
  [5e9, 'ok'],
])('judges %d bytes that are free: %s', (bytes, status) => {
  expect(ofFreeSpace(bytes, 'there', 'fix').status).toBe(status);
});

describe('isInsecure', () => {
  const LISTED = [
    'reg.test:5000',
    '127.0.0.0/8',
    '::1/128',
    '10.1.0.0/16',
    'x/y',
  ];

  it.each([
    ['reg.test:5000', true],
    ['reg.test:5001', false],
    ['127.0.0.1:5000', true],
    ['[::1]:5000', true],
    ['10.1.2.3', true],
    ['10.2.2.3', false],
    ['localhost:5000', true],
  ])('says of %s: %s', async (host, is) => {
    expect(await isInsecure(host, LISTED)).toBe(is);
  });

  it('finds nothing where nothing is listed', async () => {
    expect(await isInsecure('127.0.0.1', [])).toBe(false);
  });
});

describe('whether Docker will push to the registry', () => {
  const LOCAL = 'unix:///var/run/docker.sock';
  const REMOTE = 'ssh://me@build.test';

  it.each([
    ['one of loopback', 'localhost:5000', {}, LOCAL, 'ok'],
    ['loopback of another machine', 'localhost:5000', {}, REMOTE, 'warn'],
    ['one with HTTPS', '192.0.2.1:5000', {}, LOCAL, 'ok'],
    ['one of HTTP', '192.0.2.1:5000', { insecure: true }, LOCAL, 'warn'],
    ['one of HTTP that is listed', '10.1.0.1', { insecure: true }, LOCAL, 'ok'],
    ['a path of one', '10.1.0.1/team', { insecure: true }, LOCAL, 'ok'],
  ])('says of %s', async (_what, host, more, address, status) => {
    const registry = {
      host,
      hostFromCluster: host,
      singleName: '',
      naming: 'escape' as const,
      insecure: false,
      caFile: '',
      ...more,
    };
    const info = {
      insecureRegistries: ['127.0.0.0/8', '10.1.0.0/16'],
    } as unknown as DockerInfo;
    const chosen = { registry, source: 'nx.json' };
    const asked = Promise.resolve(info);
    const found = await checkRegistryInDocker(chosen, { address }, asked);
    expect(found.status).toBe(status);
  });
});

describe('git', () => {
  const check = (root: string | undefined) =>
    checkGitIgnore(root, { PATH: process.env.PATH });

  it('is asked whether it ignores what is this own to this machine', async () => {
    execFileSync('git', ['init', '-q'], { cwd: folder.path });
    const before = await check(folder.path);
    expect(before).toMatchObject({
      status: 'warn',
      fix: 'Add the line .nx/slipway to .gitignore.',
    });
    await folder.write({ '.gitignore': '.nx/slipway\n' });
    expect((await check(folder.path)).status).toBe('ok');
  });

  it('is not asked outside of a repository, nor outside of a workspace', async () => {
    expect((await check(folder.path)).status).toBe('skip');
    expect((await check(undefined)).status).toBe('skip');
  });
});
