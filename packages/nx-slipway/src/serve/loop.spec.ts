import { SlipwayError } from '../report';
import { manualClock } from '../testing/manual-clock';
import { eventually } from '../testing/wait';
import { WHILE_PAUSED } from './testing/image-stage';
import { useLoopStage } from './testing/loop-stage';

const stage = useLoopStage();
const { folder } = stage;

const COPY = 'echo run >> app.log; cp app/src app.built';
const SLOW = `${WHILE_PAUSED}; ${COPY}`;

const app = (command = COPY) => stage.spec('app', { command });
const away = new SlipwayError({
  code: 'SLIPWAY_E_CLUSTER_UNREACHABLE',
  message: 'nobody answers',
});
const broken = new SlipwayError({
  code: 'SLIPWAY_E_MANIFEST',
  message: 'not YAML',
});

async function saved(text: string): Promise<void> {
  await folder.write({ 'app/src': text });
  stage.changed('app/src');
}

beforeEach(() => folder.write({ 'app/src': 'one' }));

describe('a serve', () => {
  it('builds, applies, and does it again when a file is saved', async () => {
    const shop = stage.project('shop', { web: [app()] });
    stage.start([shop]);
    await stage.upToDate();
    await saved('two');
    await eventually('another pass', () => shop.passes.length === 2);
    await stage.upToDate();
    expect(stage.results()).toEqual(['ready', 'ready', 'ready']);
    expect(shop.passes[0]?.web).not.toBe(shop.passes[1]?.web);
  });

  it('tries again when the cluster was away', async () => {
    const clock = manualClock();
    const shop = stage.project('shop', { web: [] });
    shop.refused = away;
    stage.start([shop], { clock });
    await eventually('failed', () => stage.stateOf('shop') === 'failed');
    shop.refused = undefined;
    clock.advance(1000);
    await stage.upToDate();
  });

  it('reads again what could not be read since the cluster was away', async () => {
    const clock = manualClock();
    const shop = stage.project('shop', { web: [] });
    stage.start([shop], { clock });
    await stage.upToDate();
    shop.unreadable = away;
    stage.changed('shop.k8s');
    await eventually('failed', () => stage.stateOf('shop') === 'failed');
    shop.unreadable = undefined;
    clock.advance(1000);
    await stage.upToDate();
    expect(shop.reads).toBe(3);
  });

  it('is not up to date while manifests cannot be read, whatever else is saved', async () => {
    const shop = stage.project('shop', { web: [app()] });
    stage.start([shop]);
    await stage.upToDate();
    shop.unreadable = broken;
    stage.changed('shop.k8s');
    await eventually('failed', () => stage.stateOf('shop') === 'failed');
    await saved('two');
    await eventually('another pass', () => shop.passes.length === 2);
    await eventually('failed', () => stage.stateOf('shop') === 'failed');
    expect(stage.count('up-to-date')).toBe(1);
    shop.unreadable = undefined;
    stage.changed('shop.k8s');
    await stage.upToDate();
  });
});

describe('a pause', () => {
  it('that begins during a build keeps what is built from the cluster, and says so', async () => {
    const shop = stage.project('shop', { web: [app(SLOW)] });
    const loop = stage.start([shop]);
    await stage.upToDate();
    await stage.pause();
    await saved('two');
    await eventually('building', () =>
      loop.status().images.some(({ state }) => state === 'building'),
    );
    loop.pause();
    await stage.goOn();
    await eventually('built', () =>
      loop.status().images.every(({ state }) => state === 'current'),
    );
    await eventually('held', () => stage.stateOf('shop') === 'changed');
    expect(loop.status().isUpToDate).toBe(false);
    expect(stage.count('up-to-date')).toBe(1);
    loop.resume();
    await stage.upToDate();
    expect(shop.passes).toHaveLength(2);
  });

  it('holds manifests back, also when what was applied before is ready', async () => {
    const shop = stage.project('shop', { web: [] });
    shop.isSlow = true;
    const loop = stage.start([shop]);
    await eventually('a wait', () => shop.waits.length === 1);
    loop.pause();
    shop.manifests = { web: [], more: [] };
    stage.changed('shop.k8s');
    await eventually('held', () => stage.stateOf('shop') === 'changed');
    shop.isSlow = false;
    for (const ready of shop.waits) ready();
    await eventually('ready', () => stage.results().includes('ready'));
    expect(stage.stateOf('shop')).toBe('changed');
    loop.resume();
    await stage.upToDate();
    expect(Object.keys(shop.passes.at(-1) ?? {})).toEqual(['web', 'more']);
  });

  it('holds back no manifests that are put back as they were', async () => {
    const shop = stage.project('shop', { web: [] });
    const loop = stage.start([shop]);
    await stage.upToDate();
    loop.pause();
    const { manifests } = shop;
    shop.manifests = { web: [], more: [] };
    stage.changed('shop.k8s');
    await eventually('held', () => stage.stateOf('shop') === 'changed');
    shop.manifests = manifests;
    stage.changed('shop.k8s');
    await stage.upToDate();
    expect(loop.status().isPaused).toBe(true);
  });

  it('keeps the images of what is applied while manifests are held back', async () => {
    const other = stage.spec('other', { command: 'cp other/src other.built' });
    await folder.write({ 'other/src': 'x' });
    const shop = stage.project('shop', { web: [app()] });
    const loop = stage.start([shop], { trigger: 'manual' });
    await stage.upToDate();
    shop.manifests = { web: [other] };
    stage.changed('shop.k8s');
    await eventually('held', () => stage.stateOf('shop') === 'changed');
    stage.changed('shop.k8s');
    await eventually('read', () => shop.reads === 3);
    expect(loop.status().images.map(({ name }) => name)).toEqual(['app']);
    loop.trigger();
    await stage.upToDate();
    expect(loop.status().images.map(({ name }) => name)).toEqual(['other']);
  });
});

describe('cycles', () => {
  it('of an image that cannot be applied yet are of its newest save alone', async () => {
    const never = stage.spec('never', { command: 'exit 3' });
    await folder.write({ 'never/src': 'x' });
    const shop = stage.project('shop', { web: [app(), never] });
    const loop = stage.start([shop]);
    const states = () => loop.status().images.map(({ state }) => state);
    await eventually('built', () => states().join() === 'current,failed');
    for (const text of ['two', 'three']) {
      const { ref } = loop.status().images[0] ?? {};
      await saved(text);
      await eventually('built', () => loop.status().images[0]?.ref !== ref);
    }
    expect(
      stage.results().filter((each) => each === 'superseded'),
    ).toHaveLength(2);
  });

  it('of an image whose project is lost end with its build', async () => {
    const shop = stage.project('shop', { web: [app()] });
    const other = stage.project('other', { web: [] });
    stage.start([shop, other]);
    await stage.upToDate();
    shop.refused = new SlipwayError({
      code: 'SLIPWAY_E_SET_BUSY',
      message: 'taken',
    });
    await saved('two');
    await eventually('lost', () => stage.stateOf('shop') === 'lost');
    await saved('three');
    await eventually('done', () => stage.results().includes('done'));
  });
});

it('says which ref each image has', async () => {
  const loop = stage.start([stage.project('shop', { web: [app()] })]);
  await stage.upToDate();
  expect(loop.status().images).toMatchObject([
    { ref: expect.stringMatching(/^app:nx-/) as string },
  ]);
});

it('names of what has changed only what is of the manifests', async () => {
  const shop = stage.project('shop', { web: [app()] });
  stage.start([shop]);
  await stage.upToDate();
  shop.manifests = { web: [app()], more: [] };
  stage.changed('app/src', 'README.md', 'shop.k8s/more.yaml');
  await eventually('another pass', () => shop.passes.length > 1);
  expect(stage.events).toContainEqual({
    type: 'change',
    subjects: [{ project: 'shop' }],
    files: ['shop.k8s/more.yaml'],
    count: 1,
  });
});

it('is not up to date before it has looked at images of which options are others', async () => {
  const shop = stage.project('shop', { web: [app()] });
  stage.start([shop]);
  await stage.upToDate();
  const before = stage.events.length;
  let hear = () => {};
  const heard = new Promise<void>((resolve) => (hear = resolve));
  stage.deafen(() => heard);
  const other = app(`${COPY} && printf more >> app.built`);
  shop.manifests = { web: [other], more: [] };
  stage.changed('shop.k8s');
  await eventually('applied', () => shop.passes.length === 2);
  await eventually('ready', () => stage.stateOf('shop') === 'ready');
  hear();
  await eventually('built', () => stage.runs('app') === 2);
  await stage.upToDate();
  const types = stage.events.slice(before).map(({ type }) => type);
  expect(types.indexOf('up-to-date')).toBe(types.length - 1);
});

it('watches what a manifest that cannot be read has come to name', async () => {
  const shop = stage.project('shop', { web: [] });
  stage.start([shop]);
  await stage.upToDate();
  const elsewhere = folder.at('base/web.yaml');
  const trees = await shop.trees();
  const more = [...trees, { path: elsewhere }];
  Object.assign(shop, { trees: () => Promise.resolve(more) });
  shop.unreadable = broken;
  stage.changed('shop.k8s');
  await eventually('watched', () => stage.watched().includes(elsewhere));
});

it('ends when the only set is lost, and with it what is built', async () => {
  const command = 'echo run >> app.log; sleep 30';
  const shop = stage.project('shop', { web: [], api: [app(command)] });
  const loop = stage.start([shop]);
  await eventually('building', () =>
    loop.status().images.some(({ state }) => state === 'building'),
  );
  const message = 'taken';
  shop.lose(new SlipwayError({ code: 'SLIPWAY_E_SET_BUSY', message }));
  expect(await stage.ended()).toMatchObject({ reason: 'failed' });
  await loop.close();
});

it('goes on with what it cannot watch, says so, and watches what comes later', async () => {
  const shop = stage.project('shop', { web: [] });
  stage.start([shop]);
  await stage.upToDate();
  stage.deafen(() => Promise.reject(new Error('too many links')));
  shop.manifests = { web: [app()] };
  stage.changed('shop.k8s');
  await eventually('applied', () => shop.passes.at(-1)?.web !== '');
  expect(stage.events).toContainEqual({
    type: 'message',
    level: 'error',
    text: expect.stringContaining(
      'changes may not be seen: Error: too many links',
    ) as string,
  });
  stage.deafen();
  const other = stage.spec('other', { command: 'cp other/src other.built' });
  await folder.write({ 'other/src': 'x' });
  shop.manifests = { web: [app(), other] };
  stage.changed('shop.k8s');
  await eventually('watched', () => {
    const watched = stage.watched();
    return ['app', 'other'].every((name) => watched.includes(folder.at(name)));
  });
  await stage.upToDate();
});

it('begins no cycle for manifests that are as they were', async () => {
  const shop = stage.project('shop', { web: [] });
  stage.start([shop]);
  await stage.upToDate();
  const before = stage.events.length;
  stage.changed('shop.k8s');
  await eventually('read', () => shop.reads === 2);
  await stage.upToDate();
  expect(stage.events.slice(before)).toEqual([]);
});

it('reads again by hand what could not be read', async () => {
  const shop = stage.project('shop', { web: [] });
  shop.unreadable = broken;
  const loop = stage.start([shop], { trigger: 'manual' });
  await eventually('failed', () => stage.stateOf('shop') === 'failed');
  shop.unreadable = undefined;
  loop.trigger();
  await stage.upToDate();
});
