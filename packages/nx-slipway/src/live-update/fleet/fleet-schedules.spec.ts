import fc from 'fast-check';
import {
  FleetStage,
  liveUpdate,
  nextTurn,
  run,
  state,
} from './testing/fleet-stage';
import { isReused, type SimulatedPod } from './testing/simulated-pods';
import type { Held } from './types';

/** Files and folders of one name among them, and a volume. */
const SOURCES = ['src/a', 'src/a/x', 'src/a/x/y', 'src/b', 'data/c', 'data/d'];
const PODS = ['web-1', 'web-2', 'web-3', 'set-0'];

const pod = fc.constantFrom(...PODS);
const op = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      source: fc.constantFrom(...SOURCES),
      text: fc.constantFrom('1', '2', undefined),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('hold' as const) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('watch' as const) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('time' as const),
      steps: fc.integer({ min: 1, max: 12 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('pod' as const),
      what: fc.constantFrom('start', 'stop', 'crash', 'add', 'delete'),
      pod,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('build', 'again', 'kill', 'stranger'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('fault', 'break', 'mend'),
    }),
  },
);
type Op = typeof op extends fc.Arbitrary<infer T> ? T : never;

const updates = [
  liveUpdate(),
  liveUpdate({
    runs: [run('each'), run('some', 'src/a'), run('data', 'data')],
    restart: true,
  }),
  liveUpdate({ initialSync: { ignore: ['b'] }, runs: [run('b', 'src/b')] }),
];

/** One schedule: what happens, and in between all that takes time. */
class Schedule {
  readonly stage: FleetStage;
  readonly holds: Promise<Held | undefined>[] = [];
  private next = 0;

  constructor(
    update: (typeof updates)[number],
    private readonly scheduler: fc.Scheduler,
  ) {
    this.stage = new FleetStage(update, async () => {
      await scheduler.schedule(Promise.resolve());
    });
    this.stage.build();
  }

  async do(each: Op): Promise<void> {
    const { stage } = this;
    switch (each.kind) {
      case 'edit':
        this.edit(each.source, each.text);
        break;
      case 'hold':
        this.hold();
        break;
      case 'watch':
        stage.watch();
        break;
      case 'time':
        await this.time(each.steps);
        break;
      case 'build':
        stage.fleet.rest();
        stage.build();
        break;
      case 'again':
        stage.standAgain();
        break;
      case 'kill':
        stage.killServe();
        break;
      case 'stranger':
        this.addStranger();
        break;
      case 'fault':
        stage.pods.faults += 1;
        break;
      case 'break':
      case 'mend':
        stage.pods.isRunBroken = each.kind === 'break';
        break;
      case 'pod':
        this.doTo(each.pod, each.what);
    }
  }

  edit(source: string, text: string | undefined): void {
    const { workspace } = this.stage;
    if (text === undefined) {
      workspace.delete(source);
      return;
    }
    for (const other of [...workspace.keys()]) {
      const isInWay =
        other.startsWith(`${source}/`) || source.startsWith(`${other}/`);
      if (isInWay) workspace.delete(other);
    }
    workspace.set(source, state(text));
  }

  hold(): void {
    const holding = this.stage.hold().catch((error: { code?: string }) => {
      if (error.code !== 'SLIPWAY_E_CANCELLED') throw error;
      return undefined;
    });
    this.holds.push(holding);
  }

  async time(steps = Infinity): Promise<void> {
    await nextTurn();
    for (let step = 0; step < steps; step += 1) {
      if (this.scheduler.count() > 0) await this.scheduler.waitNext(1);
      else if (this.stage.clock.timers > 0) this.stage.clock.advance(500);
      else return;
      await nextTurn();
    }
  }

  /** Everything is mended, told, and held. */
  async settle(): Promise<Held> {
    const { stage } = this;
    stage.pods.faults = 0;
    stage.pods.isRunBroken = false;
    for (const pod of this.current()) {
      if (pod.state !== 'running') stage.restart(pod);
    }
    stage.clock.advance(1000);
    stage.watch();
    for (let time = 0; time < 3; time += 1) {
      this.hold();
      await this.time();
    }
    return stage.hold();
  }

  /** The pods that are to hold what is desired. */
  current(): SimulatedPod[] {
    const { pods, image } = this.stage;
    return [...pods.pods.values()].filter(
      (each) =>
        each.image === image.name &&
        each.state !== 'ending' &&
        !this.isStranger(each),
    );
  }

  isStranger({ name }: SimulatedPod): boolean {
    return name.startsWith('other-');
  }

  private addStranger(): void {
    const { stage } = this;
    const name = `other-${(this.next += 1)}`;
    const { name: image } = stage.image;
    stage.startPod(stage.pods.create(name, image, 'other-1234'));
  }

  private doTo(name: string, what: string): void {
    const { stage } = this;
    const { pods } = stage.pods;
    const found = [...pods.values()].find((each) =>
      isReused(name)
        ? each.name === name
        : each.name.startsWith(`${name}.`) && each.state !== 'ending',
    );
    if (what === 'add') {
      if (isReused(name)) stage.addPod(name);
      else if (!found) stage.addPod(`${name}.${(this.next += 1)}`);
    } else if (found) {
      if (what === 'start') stage.restart(found);
      else if (what === 'stop') stage.pods.stop(found, 'starting');
      else if (what === 'crash') stage.pods.stop(found, 'crashLooping');
      else if (found.state === 'ending') pods.delete(found.name);
      else found.state = 'ending';
    }
  }
}

const entries = (map: ReadonlyMap<string, string> = new Map()) =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1));

describe('whatever happens in whatever order, a fleet', () => {
  it('has each container hold the newest in the end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...updates),
        fc.array(op, { maxLength: 60, size: 'max' }),
        fc.scheduler(),
        async (update, ops, scheduler) => {
          const schedule = new Schedule(update, scheduler);
          for (const each of ops) await schedule.do(each);
          const last = await schedule.settle();
          const { pods, strangers, fleet } = schedule.stage;

          expect(pods.violations).toEqual([]);
          const current = schedule.current();
          expect(last).toEqual({
            containers: current.length,
            files: 0,
            times: { sync: 0 },
            failedRuns: [],
            isNothing: true,
          });
          const expected = entries(schedule.stage.expected());
          for (const { container } of current) {
            expect(entries(container?.files)).toEqual(expected);
            for (const [run, time] of container?.changedAt ?? []) {
              expect(container?.ranAt.get(run)).toBeGreaterThan(time);
            }
          }
          for (const { metadata } of strangers) {
            expect(metadata.name).toMatch(/^other-/);
          }
          for (const each of pods.pods.values()) {
            if (!schedule.isStranger(each)) continue;
            expect(each.container?.batches).toBe(0);
          }
          // None waits for ever.
          const held = await Promise.all(schedule.holds);
          if (!ops.some(({ kind }) => kind === 'fault')) {
            const all = [...held, ...schedule.stage.later];
            expect(all.map((each) => each?.needsBuild?.error)).toEqual(
              all.map(() => undefined),
            );
          }
          await fleet.close();
        },
      ),
      { numRuns: 150 },
    );
  });
});
