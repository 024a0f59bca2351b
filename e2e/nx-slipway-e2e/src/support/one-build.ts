import type { NxProcess } from './serve-process';
import type { ServeStage } from './serve-stage';

/**
 * Tells how often an image is built, beside another of the same serve: what was
 * saved before that one's is heard of, and has come to its end with it.
 */
export class OneBuild {
  private count = 0;

  constructor(
    private readonly stage: ServeStage,
    private readonly serve: NxProcess,
    private readonly other: string,
  ) {}

  /** What was done before has come to its end. @returns the commands that have run */
  async through(): Promise<string[]> {
    await this.stage.save(this.other, `through ${(this.count += 1)}\n`);
    await this.serve.cycle(this.other, 'ready');
    await this.serve.upToDate();
    return this.stage.log.taken();
  }

  /** One build arrives, whatever stood there for a moment. */
  async of(image: string, change: () => unknown): Promise<void> {
    const since = this.serve.events.length;
    await change();
    await this.serve.next(
      'cycle',
      (cycle) => cycle.image === image && hasArrived(cycle),
      `an arrival of ${image}`,
    );
    await this.through();
    expect(this.arrived(image, since)).toBeLessThanOrEqual(1);
  }

  /** Nothing is built but the other. */
  async none(change: () => unknown): Promise<void> {
    await change();
    expect(await this.through()).toEqual([this.other]);
  }

  /**
   * How many builds since have arrived. One that a save has ended has not, nor
   * one that failed of what stood there for a moment; and what is as it was
   * before is not built.
   */
  private arrived(image: string, since: number): number {
    return this.serve.events
      .slice(since)
      .filter(
        (event) =>
          event.type === 'cycle' &&
          event.image === image &&
          hasArrived(event) &&
          event.phases.some(({ name }) => name === 'build'),
      ).length;
  }
}

function hasArrived({ result }: { readonly result: string }): boolean {
  return ['ready', 'done'].includes(result);
}
