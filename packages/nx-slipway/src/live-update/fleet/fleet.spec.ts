import { SlipwayError } from '../../report';
import { errorOf, slipwayError } from '../../testing/slipway-error';
import { manualClock } from '../../testing/manual-clock';
import { eventually } from '../../testing/wait';
import type { LiveUpdate } from '../types';
import { LIVE_UPDATE } from '../../settings';
import { openFleet } from './fleet';
import type { PodObject } from './pod';
import {
  FleetStage,
  liveUpdate,
  nextTurn,
  run,
  state,
} from './testing/fleet-stage';
import { MemoryDisk } from './testing/memory-notes';
import type { FleetParts } from './types';

const slipwayRefusal = (message: string) =>
  new SlipwayError({
    code: 'SLIPWAY_E_CLUSTER_REFUSED',
    message,
    hint: 'Ask.',
  });

/** Has what takes time wait until it is let go. */
class Gate {
  private readonly waiting: (() => void)[] = [];

  readonly wait = () =>
    new Promise<void>((resolve) => this.waiting.push(resolve));

  open(): void {
    for (const go of this.waiting.splice(0)) go();
  }
}

/** An image of two files, and two pods of it that are held. */
async function standing(
  update: LiveUpdate = liveUpdate(),
  parts: Partial<FleetParts> = {},
) {
  const stage = new FleetStage(update, nextTurn, parts);
  stage.workspace.set('src/a.js', state('1')).set('data/b', state('1'));
  stage.build();
  const [one, two] = [stage.addPod('web-1'), stage.addPod('web-2')];
  stage.watch();
  await stage.hold();
  return { stage, one, two };
}

const filesIn = ({
  container,
}: {
  container?: { files: Map<string, string> };
}) => Object.fromEntries(container?.files ?? []);

describe('a fleet', () => {
  it('gives nothing to what holds all that its image was built of', async () => {
    const { stage, one } = await standing();
    expect(await stage.hold()).toEqual({
      containers: 2,
      files: 0,
      times: { sync: 0 },
      failedRuns: [],
      isNothing: true,
    });
    expect(one.container?.batches).toBe(0);
    expect(one.annotation).toBeUndefined();
  });

  it('has nothing to do where nothing runs', async () => {
    const stage = new FleetStage();
    stage.build();
    expect(await stage.hold()).toMatchObject({
      containers: 0,
      isNothing: true,
    });
  });

  it('gives all containers what was saved, and takes away what went', async () => {
    const { stage, one, two } = await standing();
    stage.workspace.set('src/a.js', state('2')).set('src/new', state('1'));
    stage.workspace.delete('data/b');
    expect(await stage.hold()).toMatchObject({
      containers: 2,
      files: 3,
      times: { sync: 1 },
      isNothing: false,
    });
    const files = {
      '/app/a.js': state('2'),
      '/app/new': state('1'),
      '/app/built': state('built'),
    };
    expect(filesIn(one)).toEqual(files);
    expect(filesIn(two)).toEqual(files);
  });

  it('works on all at once, and waits for the last', async () => {
    const { stage, one, two } = await standing();
    stage.workspace.set('src/a.js', state('2'));
    const gate = new Gate();
    stage.pods.midway = gate.wait;
    let isHeld = false;
    const hold = stage.hold().then(() => (isHeld = true));
    await stage.quiet();
    expect([one, two].map((pod) => pod.container?.batches)).toEqual([1, 1]);
    expect(isHeld).toBe(false);
    gate.open();
    await hold;
  });

  it('leaves out what a newer save has overtaken, and ends both holds', async () => {
    const { stage, one } = await standing();
    stage.workspace.set('src/a.js', state('2'));
    const gate = new Gate();
    stage.pods.midway = gate.wait;
    const first = stage.hold();
    await stage.quiet();
    stage.workspace.set('src/a.js', state('3')).set('src/new', state('1'));
    const second = stage.hold();
    stage.workspace.set('src/a.js', state('4')).delete('src/new');
    const third = stage.hold();
    stage.pods.midway = nextTurn;
    gate.open();
    await Promise.all([first, second, third]);
    expect(filesIn(one)).toMatchObject({ '/app/a.js': state('4') });
    expect(one.container?.batches).toBe(1);
    expect(await stage.hold()).toMatchObject({ isNothing: true });
  });

  it('believes what was read, if it is newer than what was asked for', async () => {
    const { stage, one } = await standing();
    stage.workspace.set('src/a.js', state('2'));
    const hold = stage.hold();
    stage.workspace.set('src/a.js', state('3'));
    await hold;
    expect(filesIn(one)).toMatchObject({ '/app/a.js': state('3') });
    expect(await stage.hold()).toMatchObject({ isNothing: true });
  });

  it('brings a pod up to date that comes later', async () => {
    const { stage } = await standing();
    stage.workspace.set('src/a.js', state('2'));
    await stage.hold();
    const pod = stage.addPod('web-3');
    stage.watch();
    await stage.quiet();
    expect(filesIn(pod)).toMatchObject({ '/app/a.js': state('2') });
    expect(stage.later).toMatchObject([{ containers: 1, files: 1 }]);
  });

  it('gives a container that starts again all that was touched, whatever a volume kept', async () => {
    const { stage, one } = await standing();
    stage.workspace.set('src/a.js', state('2')).set('data/b', state('2'));
    await stage.hold();
    stage.workspace.set('src/a.js', state('1')).set('data/b', state('1'));
    stage.fleet.rest();
    stage.restart(one);
    expect(filesIn(one)).toMatchObject({ '/volume/b': state('2') });
    stage.clock.advance(1000);
    stage.watch();
    await stage.hold();
    expect(filesIn(one)).toMatchObject({ '/volume/b': state('1') });
  });

  it('gives a pod that follows another under its name what may have reached it', async () => {
    const { stage } = await standing();
    stage.addPod('set-0');
    stage.watch();
    stage.workspace.set('src/a.js', state('2'));
    const gate = new Gate();
    stage.pods.dial = gate.wait;
    const hold = stage.hold();
    await stage.quiet();
    // It goes and comes again before anybody here is told.
    const next = stage.addPod('set-0');
    stage.pods.dial = nextTurn;
    gate.open();
    await hold;
    expect(filesIn(next)).toMatchObject({ '/app/a.js': state('2') });
    stage.workspace.set('src/a.js', state('1'));
    stage.watch();
    await stage.hold();
    expect(filesIn(next)).toMatchObject({ '/app/a.js': state('1') });
  });

  it('gives a new container what initialSync takes, whatever its image holds', async () => {
    const { stage, one } = await standing(
      liveUpdate({ initialSync: { ignore: ['*.map'] } }),
    );
    expect(filesIn(one)).toMatchObject({ '/app/a.js': state('1') });
    expect(one.container?.batches).toBe(1);
    stage.workspace.set('src/a.map', state('1'));
    stage.build();
    const pod = stage.addPod('web-3');
    pod.container?.files.clear();
    stage.watch();
    await stage.hold();
    expect(filesIn(pod)).toEqual({
      '/app/a.js': state('1'),
      '/volume/b': state('1'),
    });
    expect(await stage.hold()).toMatchObject({ isNothing: true });
  });

  it('lets go of a container that ends, or counts no more', async () => {
    const { stage, one, two } = await standing();
    stage.workspace.set('src/a.js', state('2'));
    await stage.hold();
    expect(stage.pods.openLinks).toBe(2);
    stage.pods.stop(one, 'starting');
    stage.clock.advance(1000);
    stage.watch();
    expect(stage.pods.openLinks).toBe(1);
    two.state = 'ending';
    stage.watch();
    expect(stage.pods.openLinks).toBe(0);
  });

  it('rests while what stands is being replaced', async () => {
    const { stage, one } = await standing();
    stage.workspace.set('src/a.js', state('2'));
    const hold = stage.hold();
    stage.fleet.rest();
    expect(await hold).toMatchObject({ containers: 0 });
    stage.addPod('web-3');
    stage.watch();
    await stage.quiet();
    expect(one.container?.batches).toBe(0);
    expect(stage.later).toEqual([]);
  });

  it('leaves containers of another image alone', async () => {
    const { stage, one } = await standing();
    stage.workspace.set('src/a.js', state('2'));
    stage.build();
    const pod = stage.addPod('web-3');
    stage.watch();
    stage.workspace.set('src/a.js', state('3'));
    expect(await stage.hold()).toMatchObject({ containers: 1, files: 1 });
    expect(filesIn(one)).toMatchObject({ '/app/a.js': state('1') });
    expect(filesIn(pod)).toMatchObject({ '/app/a.js': state('3') });
  });

  it('knows what containers hold though their image stands anew', async () => {
    const { stage, one } = await standing();
    stage.workspace.set('src/a.js', state('2'));
    await stage.hold();
    stage.workspace.set('src/a.js', state('1'));
    stage.standAgain();
    expect(await stage.hold()).toMatchObject({ containers: 2, files: 1 });
    expect(filesIn(one)).toMatchObject({ '/app/a.js': state('1') });
  });

  it('ends with its signal', async () => {
    const end = new AbortController();
    const { stage } = await standing(liveUpdate(), {
      signal: end.signal,
    });
    stage.workspace.set('src/a.js', state('2'));
    const gate = new Gate();
    stage.pods.midway = gate.wait;
    const hold = stage.hold();
    await stage.quiet();
    end.abort();
    gate.open();
    await expect(hold).rejects.toEqual(slipwayError('SLIPWAY_E_CANCELLED'));
    expect((await errorOf(stage.hold())).code).toBe('SLIPWAY_E_CANCELLED');
    await stage.fleet.close();
  });
});

describe('a fleet whose containers take no update', () => {
  it('says that the image must be built, and why', async () => {
    const { stage, one } = await standing();
    stage.workspace.set('src/a.js', state('2'));
    stage.pods.faults = 1;
    const held = await patiently(stage, stage.hold());
    expect(held).toMatchObject({
      containers: 1,
      isNothing: false,
      needsBuild: { why: 'broken', place: { pod: 'web-1' } },
    });
    expect(held.needsBuild?.error?.code).toBe('SLIPWAY_E_LIVE_UPDATE');
    expect(one.container?.batches).toBe(1);
    await stage.quiet();
    expect(one.container?.batches).toBe(1);
  });

  it('tries again at the next save, all of it', async () => {
    const { stage, one } = await standing();
    stage.workspace.set('src/a.js', state('2'));
    stage.pods.faults = 1;
    await patiently(stage, stage.hold());
    stage.workspace.set('src/new', state('1'));
    expect(await stage.hold()).toMatchObject({ containers: 2, files: 2 });
    expect(filesIn(one)).toMatchObject({
      '/app/a.js': state('2'),
      '/app/new': state('1'),
    });
  });

  it('waits once for a kubelet to tell, and not at the next save', async () => {
    const { stage } = await standing();
    stage.workspace.set('src/a.js', state('2'));
    stage.pods.faults = 2;
    await patiently(stage, stage.hold());
    stage.pods.faults = 2;
    stage.workspace.set('src/a.js', state('3'));
    expect((await stage.hold()).needsBuild?.why).toBe('broken');
  });

  it('takes the end of a container for none, before its kubelet tells', async () => {
    const { stage, one } = await standing();
    stage.workspace.set('src/a.js', state('2'));
    const gate = new Gate();
    stage.pods.midway = gate.wait;
    const hold = stage.hold();
    await stage.quiet();
    stage.restart(one);
    stage.pods.midway = nextTurn;
    gate.open();
    expect(await patiently(stage, hold)).toMatchObject({ containers: 1 });
    expect((await hold).needsBuild).toBeUndefined();
    stage.watch();
    await stage.quiet();
    expect(filesIn(one)).toMatchObject({ '/app/a.js': state('2') });
    expect(stage.later).toMatchObject([{ containers: 1 }]);
  });

  it('says so of one that comes later, too', async () => {
    const { stage } = await standing();
    stage.workspace.set('src/a.js', state('2'));
    await stage.hold();
    stage.addPod('web-3');
    stage.pods.faults = 1;
    stage.watch();
    await stage.quiet();
    stage.clock.advance(1500);
    await stage.quiet();
    expect(stage.later).toMatchObject([
      { containers: 0, needsBuild: { why: 'broken' } },
    ]);
  });

  it('has one in a crash loop built anew, if there is anything to give', async () => {
    const { stage, one } = await standing();
    stage.pods.stop(one, 'crashLooping');
    stage.clock.advance(1000);
    stage.watch();
    expect((await stage.hold()).needsBuild).toBeUndefined();
    stage.workspace.set('src/a.js', state('2'));
    expect(await stage.hold()).toMatchObject({
      containers: 1,
      needsBuild: {
        why: 'container web of pod shop/web-1 is in CrashLoopBackOff',
      },
    });
  });

  it('lets a crash loop be that comes by itself', async () => {
    const { stage, one } = await standing();
    stage.workspace.set('src/a.js', state('2'));
    await stage.hold();
    stage.pods.stop(one, 'crashLooping');
    stage.clock.advance(1000);
    stage.watch();
    await stage.quiet();
    expect(stage.later).toEqual([]);
  });

  /** As long as kubelets take to tell. */
  async function patiently<T>(stage: FleetStage, hold: Promise<T>): Promise<T> {
    await stage.quiet();
    await eventually('a verdict', () => stage.clock.timers > 0);
    stage.clock.advance(1500);
    return hold;
  }
});

describe('the runs of a fleet', () => {
  const each = run('each');
  const some = run('some', 'src/lock');
  const update = liveUpdate({ runs: [some, each], restart: true });

  it('follow their triggers', async () => {
    const { stage, one } = await standing(update);
    stage.workspace.set('src/a.js', state('2'));
    await stage.hold();
    expect([...(one.container?.ranAt.keys() ?? [])]).toEqual([each]);
    stage.workspace.set('src/lock', state('1'));
    expect(await stage.hold()).toMatchObject({ times: { restart: 1 } });
    expect([...(one.container?.ranAt.keys() ?? [])]).toEqual([each, some]);
  });

  it('that fail are told, and tried again at the next save', async () => {
    const { stage, one } = await standing(update);
    stage.workspace.set('src/lock', state('2'));
    stage.pods.isRunBroken = true;
    const held = await stage.hold();
    expect(held.needsBuild).toBeUndefined();
    expect(held.failedRuns).toMatchObject([
      { place: { pod: 'web-1' }, failed: { run: some, exitCode: 1 } },
      { place: { pod: 'web-2' }, failed: { run: some, exitCode: 1 } },
    ]);
    await stage.quiet();
    expect(one.container?.batches).toBe(1);
    stage.pods.isRunBroken = false;
    expect(await stage.hold()).toMatchObject({ files: 0, isNothing: false });
    expect([...(one.container?.ranAt.keys() ?? [])]).toEqual([some, each]);
    expect(await stage.hold()).toMatchObject({ isNothing: true });
  });

  it('that fail in one container, and not in another, need a build', async () => {
    const { stage } = await standing(update);
    stage.workspace.set('src/a.js', state('2'));
    stage.pods.brokenRunsIn.add('web-2');
    const { needsBuild, failedRuns } = await stage.hold();
    expect(failedRuns).toHaveLength(1);
    expect(needsBuild).toEqual({
      why: 'run "each" ended with exit code 1 in container web of pod shop/web-2, and well in container web of pod shop/web-1',
      place: { namespace: 'shop', pod: 'web-2', container: 'web' },
    });
  });

  it('follow files that nothing brings, where there is no sync', async () => {
    const followed = liveUpdate({ syncs: [], runs: [run('job', 'src')] });
    const { stage, one } = await standing(followed);
    expect(one.container?.batches).toBe(0);
    stage.workspace.set('data/b', state('2'));
    expect(await stage.hold()).toMatchObject({ isNothing: true });
    stage.workspace.set('src/a.js', state('2'));
    stage.pods.isRunBroken = true;
    expect((await stage.hold()).failedRuns).toHaveLength(2);
    stage.pods.isRunBroken = false;
    await stage.hold();
    expect(one.container?.batches).toBe(2);
    expect(await stage.hold()).toMatchObject({ isNothing: true });
    // A serve that starts again does not know with which files it ran.
    stage.workspace.set('src/a.js', state('1'));
    stage.killServe();
    stage.watch();
    expect(await stage.hold()).toMatchObject({ isNothing: false });
    expect(one.container?.batches).toBe(3);
    stage.restart(one);
    stage.clock.advance(1000);
    stage.watch();
    await stage.quiet();
    expect(one.container?.batches).toBe(1);
  });
});

describe('what others are told of a pod', () => {
  const annotations = (stage: FleetStage) =>
    [...stage.pods.pods.values()].map(({ annotation }) => annotation);

  it('is told before it is touched, and again when there is time', async () => {
    const { stage } = await standing();
    stage.workspace.set('src/a.js', state('2'));
    await stage.hold();
    const [first, other] = annotations(stage);
    expect(first).toMatch(/^me-[0-9a-f]{16}$/);
    expect(other).toBe(first);
    stage.workspace.set('src/a.js', state('3'));
    await stage.hold();
    stage.clock.advance(999);
    await stage.quiet();
    expect(annotations(stage)).toEqual([first, first]);
    stage.clock.advance(1);
    await stage.quiet();
    const [later] = annotations(stage);
    expect(later).toMatch(/^me-[0-9a-f]{16}$/);
    expect(later).not.toBe(first);
    stage.workspace.set('src/a.js', state('2'));
    await stage.hold();
    stage.clock.advance(1000);
    await stage.quiet();
    expect(annotations(stage)).toEqual([first, first]);
  });

  it('is no reason to fail if one may not tell it, and said once', async () => {
    const annotate = jest
      .fn()
      .mockRejectedValue(
        slipwayRefusal('you may not patch pods in the namespace shop.'),
      );
    const { stage, one, two } = await standing(liveUpdate(), { annotate });
    stage.workspace.set('src/a.js', state('2'));
    await stage.hold();
    expect([one, two].map((pod) => pod.container?.batches)).toEqual([1, 1]);
    expect(stage.warnings).toEqual([
      'pods that take a live update are not annotated, so that deploy will not replace them: you may not patch pods in the namespace shop. Ask.',
    ]);
    stage.workspace.set('src/a.js', state('3'));
    await stage.hold();
    stage.clock.advance(1000);
    await stage.quiet();
    expect(annotate.mock.calls.length).toBeLessThanOrEqual(2);
  });

  it('makes a stranger of one that nobody here has touched', async () => {
    const { stage } = await standing();
    const pod = stage.pods.create('web-3', stage.image.name, 'you-1234');
    stage.startPod(pod);
    stage.watch();
    stage.workspace.set('src/a.js', state('2'));
    expect(await stage.hold()).toMatchObject({ containers: 2 });
    stage.watch();
    expect(stage.strangers.map(({ metadata }) => metadata.name)).toEqual([
      'web-3',
    ]);
    expect(pod.container?.batches).toBe(0);
  });

  it('is known to a serve that starts again, which gives it all anew', async () => {
    const { stage, one } = await standing();
    stage.workspace.set('src/a.js', state('2'));
    await stage.hold();
    stage.killServe();
    stage.workspace.set('src/a.js', state('1'));
    stage.watch();
    expect(await stage.hold()).toMatchObject({ containers: 2, files: 1 });
    expect(stage.strangers).toEqual([]);
    expect(filesIn(one)).toMatchObject({ '/app/a.js': state('1') });
  });

  it('is none to the fleet of another image in the same pod', async () => {
    const disk = new MemoryDisk();
    const strangers: PodObject[] = [];
    const open = () =>
      openFleet({
        openLink: () => ({
          apply: () => Promise.reject(new Error('nothing is to be given')),
          prepare: () => undefined,
          close: () => undefined,
        }),
        readPod: () => Promise.resolve(undefined),
        annotate: () => Promise.resolve(),
        writer: 'me',
        onLater: () => undefined,
        onStranger: (pod) => strangers.push(pod),
        notes: disk.open(nextTurn),
        clock: manualClock(),
        signal: new AbortController().signal,
        say: { warn: () => undefined },
      });
    const pod = (annotations?: Record<string, string>) =>
      ({
        metadata: { name: 'web-1', namespace: 'shop', uid: 'one', annotations },
        spec: { containers: [{ name: 'side', image: 'side:1' }] },
        status: {
          containerStatuses: [
            { name: 'side', containerID: 'id', state: { running: {} } },
          ],
        },
      }) as PodObject;
    const desired = {
      isOurs: (image: string) => image === 'side:1',
      generation: '1',
      liveUpdate: liveUpdate(),
      base: new Map<string, string>(),
      content: new Map<string, never>(),
    };
    const first = open();
    first.setPods('shop', [pod()]);
    // The fleet of the other image was faster.
    const annotated = pod({ [LIVE_UPDATE]: 'me-0123' });
    first.setPods('shop', [annotated]);
    expect(await first.hold(desired)).toMatchObject({ containers: 1 });
    await first.close();
    await nextTurn();
    const second = open();
    second.setPods('shop', [annotated]);
    expect(await second.hold(desired)).toMatchObject({ containers: 1 });
    expect(strangers).toEqual([]);
    const third = open();
    third.setPods('shop', [pod({ [LIVE_UPDATE]: 'you-0123' })]);
    expect(await third.hold(desired)).toMatchObject({ containers: 0 });
    expect(strangers).toHaveLength(1);
  });
});
