import type { DepTree, FileStates } from '../inputs';
import type { PodObject } from '../live-update';
import type { SlipwayError } from '../report';
import { Cycle } from './cycle';
import type { ServedForeign } from './desired';
import { LiveSync, type LiveNow } from './live';
import type { Pending } from './pending';
import { seeInputs } from './seen';
import { Unit, type UnitHost } from './unit';

export type ForeignHost = UnitHost & {
  /** Has such as nothing was brought to take the place of all pods that run it. */
  readonly replacePods: (unit: ForeignUnit) => Promise<void>;
};

/**
 * An image that nobody builds, whose containers are given what is saved. What
 * was there when it was first looked at is taken for what is in the image. What
 * no sync takes has the pods replaced: there is no image to build.
 */
export class ForeignUnit extends Unit<ServedForeign> {
  readonly ref = undefined;
  private readonly live: LiveSync;
  private first?: FileStates;
  private generation = 0;
  /** What is being tried, and what has failed: it is not tried again unasked. */
  private trying?: string;
  private failed?: string;

  constructor(
    spec: ServedForeign,
    protected override readonly host: ForeignHost,
  ) {
    super(spec, host);
    const { name, live: served } = spec;
    const onTrouble = (error: SlipwayError) => this.fails(error);
    this.live = new LiveSync({ name, served, host, onTrouble });
  }

  respecify(spec: ServedForeign): boolean {
    this.spec = spec;
    this.live.respecify(spec.live);
    return true;
  }

  retire(): void {
    this.isRetired = true;
    void this.close();
  }

  setPods(set: string, pods: readonly PodObject[]): void {
    this.live.setPods(set, pods);
  }

  trees(): Promise<DepTree[]> {
    return this.treesOf([this.spec.plan.deps]);
  }

  close(): Promise<void> {
    return this.live.close();
  }

  protected override get hasFailed(): boolean {
    return this.failed !== undefined;
  }

  protected override idles(): void {
    this.host.onState();
  }

  protected override async pass(pending: Pending): Promise<void> {
    const { clock, emit, knownFiles } = this.host;
    const now = () => clock.now();
    const subject = { image: this.name };
    const cycle = new Cycle({ subject, at: pending.at, now, emit });
    try {
      const seen = await this.seeWritten(() =>
        seeInputs(this.spec, [], knownFiles),
      );
      if (!this.first) this.begin(seen.facts, seen.files);
      const files = await this.live.see(seen, seen.files);
      this.trying = files.key;
      if (this.failed === files.key && !pending.isAgain) return;
      const isTold = this.live.isTold(files) && this.failed === undefined;
      if (isTold && !pending.isForced) return this.settle();
      if (this.isHeldBack(pending)) return;
      this.tellChange(seen.files);
      await this.bring(files, cycle);
    } catch (error) {
      if (!this.isOver) this.fails(error, cycle);
    }
  }

  private async bring(files: LiveNow, cycle: Cycle): Promise<void> {
    const decision = this.live.decide(files);
    if (decision?.kind !== 'sync') {
      const { file = 'what is to be brought', rule = 'an option is another' } =
        decision ?? {};
      return this.replace(files, `${file} changed, and ${rule}`, cycle);
    }
    cycle.detected();
    if (this.live.brings(files)) this.situation.enter('syncing');
    const synced = await this.live.sync(files, cycle);
    if (synced.kind === 'build') throw synced.error;
    this.settle();
    if (synced.isNews) cycle.end('done');
  }

  /** Of new pods nothing is known, but that they are as their image is. */
  private async replace(files: LiveNow, why: string, cycle: Cycle) {
    const { emit, replacePods } = this.host;
    const { name: image } = this;
    const text = `its pods are replaced: ${why}`;
    emit({ type: 'message', level: 'info', text, image });
    this.begin(files.facts, files.files);
    this.situation.enter('syncing');
    await cycle.measure('apply', () => replacePods(this));
    await this.live.sync(files, cycle);
    this.settle();
    cycle.end('done');
  }

  private begin(facts: string, files: FileStates): void {
    const { isOurs } = this.spec;
    this.first = files;
    this.generation += 1;
    const generation = `${this.generation}`;
    this.live.stands({ generation, isOurs, facts, files, moved: [] });
  }

  private settle(): void {
    this.held = undefined;
    this.failed = undefined;
    this.situation.enter('current');
  }

  private fails(error: unknown, cycle?: Cycle): void {
    const fault = this.faultOf(error);
    this.failed = this.trying;
    cycle?.end('failed', fault);
    this.situation.enter('failed', fault);
  }
}
