import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { canLimitWatches, limitWatches } from './support/limited-watches';
import { OneBuild } from './support/one-build';
import type { NxProcess } from './support/serve-process';
import { LAYER, ServeStage, deployment } from './support/serve-stage';

/** More than the system keeps, and than anybody reads at once. */
const MANY = 20_000;
/** On the disk it takes nothing. */
const LARGE = 300_000_000;

let stage: ServeStage;
let serve: NxProcess;
let builds: OneBuild;
let outside: string;

beforeAll(async () => {
  outside = await mkdtemp(join(tmpdir(), 'slipway-outside-'));
  stage = await ServeStage.create();
  await stage.addImage('app', {
    options: { deps: ['src', 'dep', 'linked'], ignore: ['**/*.scratch'] },
  });
  writeFileSync(join(outside, 'file'), '1');
  writeFileSync(at('app/dep'), '1');
  symlinkSync(outside, at('app/linked'));
  await stage.addImage('other');
  await stage.addImage('large', {
    command: LAYER.replace('-C src .', '-C src index.html').replace(
      '$(cat src/index.html)',
      '$(stat -c %s src/large)',
    ),
  });
  writeFileSync(at('large/src/large'), '');
  await stage.addImage('reporting', {
    command: `ref=$REGISTRY_HOST/reporting:$(cksum < src/index.html | cut -d' ' -f1)
${LAYER.replace('$EXPECTED_REF', '$ref')} && echo $ref > src/ref.txt`,
    options: { outputsImageRefTo: 'src/ref.txt' },
  });
  await stage.addImage('selfish', {
    command: `date +%s%N > src/generated && ${LAYER}`,
  });
  await stage.addProject('shop', {
    'all.yaml': ['app', 'other', 'large', 'reporting']
      .map((name) => deployment(name))
      .join('---\n'),
  });
  serve = stage.serve('shop');
  builds = new OneBuild(stage, serve, 'other');
  await serve.upToDate();
  await stage.log.taken();
});

afterAll(async () => {
  await stage.remove();
  await rm(outside, { recursive: true });
});

beforeEach(() => serve.skip());

const at = (path: string) => join(stage.workspace.root, 'apps', path);
/** What was taken from the registry for a moment, Docker has not. */
const runs = (name: string, text: string) =>
  stage.until(`${name} of ${text}`, async () => {
    const textOf = stage.textOf('shop', `Deployment/${name}`);
    return (await textOf.catch(() => undefined)) === text;
  });

describe('inputs', () => {
  it('that are links in circles are inputs, and nobody follows them', async () => {
    await builds.of('app', () => {
      symlinkSync('..', at('app/src/up'));
      symlinkSync('round', at('app/src/round'));
    });
  });

  it('that are pipes and sockets are none, and nobody waits for them', async () => {
    const server = createServer().listen(at('app/src/socket'));
    await builds.none(() => execFileSync('mkfifo', [at('app/src/pipe')]));
    await builds.of('app', () => stage.save('app', 'beside a pipe\n'));
    server.close();
  });

  it('that a dep which is a link leads to are watched, those behind a link in a folder are none', async () => {
    await builds.of('app', () =>
      symlinkSync(join(outside, 'file'), at('app/src/out')),
    );
    await builds.of('app', () => writeFileSync(join(outside, 'file'), '2'));
    const far = await mkdtemp(join(tmpdir(), 'slipway-far-'));
    writeFileSync(join(far, 'file'), '1');
    await builds.of('app', () =>
      symlinkSync(join(far, 'file'), at('app/src/far')),
    );
    await builds.none(() => writeFileSync(join(far, 'file'), '2'));
    await rm(far, { recursive: true });
  });

  it('that cannot be read are told of, and built when they can', async () => {
    unlinkSync(at('app/dep'));
    symlinkSync('dep', at('app/dep'));
    await serve.next(
      'state',
      (state) =>
        'image' in state && state.fault?.code === 'SLIPWAY_E_DEPS_UNREADABLE',
    );
    await stage.save('other', 'while app cannot be read\n');
    await serve.cycle('other', 'ready');
    await builds.of('app', () => {
      unlinkSync(at('app/dep'));
      writeFileSync(at('app/dep'), '2');
    });
  });

  it('that are large hold up no other image', async () => {
    const since = serve.events.length;
    // Both are seen at once.
    process.kill(serve.executor, 'SIGSTOP');
    truncateSync(at('large/src/large'), LARGE);
    await stage.save('other', 'beside what is large\n');
    process.kill(serve.executor, 'SIGCONT');
    await serve.next(
      'phase',
      (e) => e.image === 'other' && e.phase === 'build',
    );
    const order = serve.events
      .slice(since)
      .flatMap((event) => (event.type === 'change' ? event.subjects : []));
    expect(order[0]).toEqual({ image: 'other' });
    await runs('large', String(LARGE));
    await serve.upToDate();
  });

  it('that grow while they are hashed are built as they are in the end', async () => {
    for (let time = 0; time < 40; time++) {
      appendFileSync(at('large/src/large'), 'more');
      await sleep(25);
    }
    await runs('large', String(statSync(at('large/src/large')).size));
    await serve.upToDate();
    await builds.of('large', () => truncateSync(at('large/src/large'), 1));
  });

  it('are not what the command writes its ref to', async () => {
    await builds.through();
    await stage.save('reporting', 'reported\n');
    await serve.cycle('reporting', 'ready');
    expect(await builds.through()).toEqual(['other', 'reporting']);
  });
});

it('of more events than the system keeps the last save is seen', async () => {
  await builds.none(() => mkdirSync(at('app/src/many')));
  process.kill(serve.executor, 'SIGSTOP');
  for (let file = 0; file < MANY; file++) {
    writeFileSync(at(`app/src/many/${file}.scratch`), '');
  }
  await stage.save('app', 'after many\n');
  process.kill(serve.executor, 'SIGCONT');
  await runs('app', 'after many');
  await serve.upToDate();
  expect(await stage.log.taken()).toContain('app');
  await builds.none(() => rmSync(at('app/src/many'), { recursive: true }));
  await builds.of('app', () => stage.save('app', 'after all\n'));
});

it('a build that writes into its own inputs is named and not repeated, until something else is saved', async () => {
  await stage.log.taken();
  await stage.workspace.write(
    'apps/shop/k8s/selfish.yaml',
    deployment('selfish'),
  );
  const { fault } = await serve.state('selfish', 'failed');
  expect(fault).toMatchObject({
    code: 'SLIPWAY_E_INPUTS_CHANGED',
    message: expect.stringContaining('apps/selfish/src/generated') as unknown,
  });
  await stage.log.taken();
  await stage.save('other', 'beside it\n');
  await serve.cycle('other', 'ready');
  expect(await stage.log.taken()).toEqual(['other']);
  await stage.save('selfish', 'saved\n');
  await runs('selfish', 'saved');
  await serve.state('selfish', 'failed');
  await stage.workspace.editJson('apps/selfish/project.json', (project) => {
    const { targets } = project as {
      targets: Record<string, { options: object }>;
    };
    Object.assign(targets['custom-build']?.options ?? {}, {
      ignore: ['generated'],
    });
  });
  await serve.upToDate();
});

// The kernel's own limit, where users may have one of their own.
const itIfLimited = canLimitWatches() ? it : it.skip;

itIfLimited(
  'without enough watches serve says which sysctl it is, and builds what is saved',
  async () => {
    await serve.stop();
    await limitWatches(stage.workspace, 5);
    serve = stage.serve('shop');
    builds = new OneBuild(stage, serve, 'other');
    await serve.upToDate();
    const warnings = serve.events.flatMap((event) =>
      event.type === 'message' && event.level === 'warning' ? event.text : [],
    );
    expect(warnings).toContainEqual(
      expect.stringMatching(/ENOSPC.*sysctl -w fs\.inotify\.max_user_watches/),
    );
    await builds.of('app', () => stage.save('app', 'seen all the same\n'));
    await runs('app', 'seen all the same');
  },
);
