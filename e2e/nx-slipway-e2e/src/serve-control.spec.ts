import { eventually } from '../../../packages/nx-slipway/src/testing/wait';
import { freePort } from './support/free-port';
import type { NxProcess } from './support/serve-process';
import { whyNotInSchema } from './support/serve-schema';
import {
  DOCKER_BUILD,
  ServeStage,
  configMap,
  deployment,
  webServer,
} from './support/serve-stage';

const HAND = 'Deployment/hand';
const MANIFESTS = 'apps/desk/k8s/desk.yaml';
const manifests = (size: number) =>
  `${deployment('hand')}---\n${configMap('desk', size)}`;

let stage: ServeStage;
let serve: NxProcess;

beforeAll(async () => {
  stage = await ServeStage.create();
  await stage.addImage('hand');
  await stage.addProject('desk', { 'desk.yaml': manifests(1) });
});

afterAll(() => stage.remove());

describe('nx serve --trigger=manual', () => {
  beforeAll(async () => {
    serve = stage.serve('desk', ['--trigger=manual']);
    await serve.upToDate();
  });

  afterAll(() => serve.stop());

  beforeEach(() => serve.skip());

  it('builds what is missing at the start, and what has changed when it is asked to', async () => {
    expect(await stage.log.taken()).toEqual(['hand']);
    await stage.save('hand', 'hand 2\n');
    await serve.state('hand', 'changed');
    const { output } = await stage.slipway('status');
    expect(output).toMatch(/trigger manual · not up to date/);
    expect(output).toMatch(/^hand +changed /m);
    expect(await stage.textOf('desk', HAND)).toBe('hand 1');
    expect(await stage.log.taken()).toEqual([]);
    expect((await stage.slipway('trigger')).exitCode).toBe(0);
    await serve.cycle('hand', 'ready');
    expect(await stage.textOf('desk', HAND)).toBe('hand 2');
    expect(await stage.log.taken()).toEqual(['hand']);
  });

  it('builds an image that is named, though nothing has changed', async () => {
    await stage.slipway('trigger', 'hand');
    await serve.cycle('hand', 'done');
    expect(await stage.log.taken()).toEqual(['hand']);
  });

  it('applies manifests when it is asked to', async () => {
    const before = await stage.written('desk');
    await stage.replace(MANIFESTS, manifests(2));
    await serve.state('desk', 'changed');
    expect(await stage.written('desk')).toEqual(before);
    await stage.slipway('trigger');
    await serve.cycle('desk', 'ready');
    expect(await stage.written('desk')).not.toEqual(before);
  });

  it('tells how it stands as JSON', async () => {
    expect(await stage.status()).toMatchObject([
      {
        pid: serve.executor,
        trigger: 'manual',
        isPaused: false,
        isUpToDate: true,
        images: [{ name: 'hand', state: 'current' }],
        projects: [{ name: 'desk', state: 'ready' }],
      },
    ]);
  });
});

describe('a manifest set that is served', () => {
  const setSize = (size: number) => stage.replace(MANIFESTS, manifests(size));

  beforeAll(async () => {
    serve = stage.serve('desk');
    await serve.upToDate();
    await stage.log.taken();
  });

  afterAll(() => serve.stop());

  beforeEach(() => serve.skip());

  it('is refused to another serve, which has built nothing, also while it is paused', async () => {
    await stage.slipway('pause');
    await stage.save('hand', 'hand 3\n');
    await serve.state('hand', 'changed');
    const other = stage.serveBeside('desk');
    const { fault } = await other.next('end');
    expect(fault?.code).toBe('SLIPWAY_E_SET_BUSY');
    expect(fault?.message).toContain(`pid ${serve.executor} desk:serve`);
    await other.end();
    expect(await stage.log.taken()).toEqual([]);
    await stage.slipway('resume');
    await serve.cycle('hand', 'ready');
    expect(await stage.log.taken()).toEqual(['hand']);
  });

  it('is refused to a deploy', async () => {
    const { exitCode, output } = await stage.run('deploy', 'desk');
    expect(exitCode).toBe(1);
    expect(output).toContain('SLIPWAY_E_SET_BUSY');
    expect(output).toMatch(`pid ${serve.executor} desk:serve`);
  });

  it('is given to a serve that takes it over, and the first one ends', async () => {
    await stage.log.taken();
    const next = stage.serveBeside('desk', '--takeover');
    await next.upToDate();
    const end = await serve.next('end');
    expect(end).toMatchObject({
      reason: 'failed',
      fault: { code: 'SLIPWAY_E_SET_BUSY' },
    });
    await serve.end();
    serve = next;
    expect(await stage.log.taken()).toEqual([]);
  });

  it('after kill -9 in the middle of a build is served again at once, and is of the newest', async () => {
    const release = await stage.put('hand', 'slow');
    await stage.save('hand', 'hand 4\n');
    await stage.held('hand', 1);
    await serve.kill();
    await release();
    await serveAgain();
    expect(await stage.textOf('desk', HAND)).toBe('hand 4');
  });

  it('after kill -9 in the middle of an apply is served again at once, and is of the newest', async () => {
    await setSize(4);
    await stage.save('hand', 'hand 5\n');
    await serve.next('phase', ({ phase }) => phase === 'apply');
    await serve.kill();
    await serveAgain();
    expect(await stage.textOf('desk', HAND)).toBe('hand 5');
  });

  async function serveAgain() {
    serve = stage.serve('desk');
    await serve.upToDate();
    // Whoever waits for a sign of the other one says so.
    expect(serve.output).not.toMatch(/is held by|waiting up to/);
  }
});

describe('a serve that is ended in the middle of a build that ignores signals', () => {
  let mend: (() => Promise<void>)[];

  beforeEach(async () => {
    serve = stage.serve('desk');
    await serve.upToDate();
    mend = [
      await stage.put('hand', 'slow'),
      await stage.put('hand', 'stubborn'),
    ];
  });

  afterEach(() => Promise.all(mend.map((each) => each())));

  /** A build that hangs, and what is in the cluster. */
  async function hang(text: string) {
    const before = (await stage.held('hand', 0)).length;
    await stage.save('hand', text);
    await stage.held('hand', before + 1);
    return stage.written('desk');
  }

  async function expectNothingLeft() {
    await eventually('the end of all', () => serve.processes.length === 0);
    expect(await stage.sockets()).toEqual([]);
    expect(await stage.holder('desk')).toBe('');
  }

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'by %s leaves nothing but the cluster, as it is',
    async (signal) => {
      const before = await hang(`hand ${signal}\n`);
      await serve.stop(signal);
      await expectNothingLeft();
      expect(await stage.written('desk')).toEqual(before);
    },
  );

  it('by SIGKILL of nx leaves nothing but the cluster, as it is', async () => {
    const before = await hang('hand SIGKILL\n');
    process.kill(serve.pid, 'SIGKILL');
    await expectNothingLeft();
    expect(await stage.written('desk')).toEqual(before);
  });
});

it('after a serve has ended a deploy waits for nobody', async () => {
  const { exitCode, output } = await stage.run('deploy', 'desk');
  expect(output).not.toMatch(/is held by|waiting up to/);
  expect(exitCode).toBe(0);
});

describe('nx serve for people', () => {
  let port: number;

  beforeAll(async () => {
    port = await freePort();
    await stage.addImage('site', { command: DOCKER_BUILD });
    await stage.addProject(
      'page',
      { 'site.yaml': webServer('site') },
      {
        portForwards: [
          { object: 'deployment/site', port, containerPort: 8080 },
        ],
      },
    );
    serve = stage.nx(['serve', 'page']);
  });

  afterAll(() => serve.stop());

  const page = async () => {
    const url = `http://localhost:${port}/index.html`;
    const answer = await fetch(url).catch(() => undefined);
    return answer?.ok ? answer.text() : '';
  };
  const shows = (text: string) =>
    stage.until(`a page of ${text}`, async () => (await page()) === text);

  it('begins with what is served and where, and says when all is up to date', async () => {
    const output = await serve.prints(/^up to date +\d+\.\d\ds$/m);
    const { registry } = stage.workspace.sandbox;
    expect(output).toMatch(/^context +kind-e2e$/m);
    expect(output).toMatch(new RegExp(`^registry +${registry.host}$`, 'm'));
    expect(output).toMatch(/^projects +page in namespace e2e-serve-\w+-page$/m);
    expect(output).toMatch(/^images +site$/m);
    expect(output).toMatch(/^page: created deployment\/site$/m);
  });

  it('has a line for a save with all its phases', async () => {
    await stage.save('site', 'site 2\n');
    const output = await serve.prints(
      /^site: .* changed, building$[^]*^site  /m,
    );
    expect(output).toMatch(
      /^site {2}\d+\.\d\ds {2}detect \S+ · build \S+ · push \S+ · apply \S+ · ready \S+$/m,
    );
  });

  it('forwards the port to the newest pod, and shows its log', async () => {
    await shows('site 2\n');
    await serve.prints(/^site-\w{5} \| hello from site 2$/m);
    await stage.kubectl('page', 'delete', 'pods', '-l', 'app=site');
    await shows('site 2\n');
    await stage.save('site', 'site 3\n');
    await shows('site 3\n');
    await serve.prints(/^site-\w{5} \| hello from site 3$/m);
    expect(serve.output).toContain(
      `page: http://localhost:${port} -> deployment/site`,
    );
  });

  it('shows all that a build printed that fails', async () => {
    const mend = await stage.put('site', 'fail');
    await stage.save('site', 'site 4\n');
    const output = await serve.prints(
      /^site {2}FAILED in [^]*^ *hint|SLIPWAY_E_COMMAND_FAILED/m,
    );
    for (let at = 1; at <= 20; at++) {
      expect(output).toMatch(new RegExp(`^site \\| line ${at}$`, 'm'));
    }
    await mend();
  });
});

describe('two projects with one image', () => {
  const BOTH = 'Deployment/both';

  beforeAll(async () => {
    await stage.addImage('both');
    for (const name of ['left', 'right']) {
      await stage.addProject(name, { 'both.yaml': deployment('both') });
    }
    await stage.log.taken();
  });

  afterEach(() => serve.stop());

  async function expectBuiltOnce(text: string) {
    await stage.save('both', `${text}\n`);
    await stage.arrives('left', BOTH, text);
    await stage.arrives('right', BOTH, text);
    expect(await stage.log.taken()).toEqual(['both']);
  }

  it('are served by one process', async () => {
    serve = stage.serve('left', ['--projects=right']);
    await serve.upToDate();
    expect(await stage.log.taken()).toEqual(['both']);
    const [start] = serve.events;
    expect(start).toMatchObject({
      projects: [{ name: 'left' }, { name: 'right' }],
    });
    await expectBuiltOnce('both 2');
  });

  it('are served by two, which build it once', async () => {
    serve = stage.nx(['run-many', '-t', 'serve', '-p', 'left', 'right']);
    await stage.until('two serves that are up to date', async () => {
      const { stdout } = await stage.slipway('status', '--json');
      const all = JSON.parse(stdout || '[]') as { isUpToDate: boolean }[];
      return all.length === 2 && all.every(({ isUpToDate }) => isUpToDate);
    });
    expect(await stage.log.taken()).toEqual([]);
    await expectBuiltOnce('both 3');
  });
});

it('tells in JSON nothing that is not in its schema', () => {
  const events = stage.started.flatMap((each) => each.events);
  expect(events.flatMap(whyNotInSchema)).toEqual([]);
});
