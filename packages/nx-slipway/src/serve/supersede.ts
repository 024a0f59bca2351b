/** What a save does to a build that is under way. */
export type OnChange = 'restart' | 'finish';

/** Builds that are stopped in a row, before one must arrive. */
const MOST_STOPS = 2;

/**
 * Whether a build gives way to a newer save: twice in a row at most, so that a
 * slow one under steady saving still arrives (design 2.7).
 */
export class Superseding {
  private stops = 0;

  constructor(private readonly onChange: OnChange) {}

  mayStop(): boolean {
    return this.onChange === 'restart' && this.stops < MOST_STOPS;
  }

  stopped(): void {
    this.stops += 1;
  }

  /** One has come to its own end. */
  ended(): void {
    this.stops = 0;
  }
}
