/** @returns where the reader is behind: what resolves when it has caught up */
export type Write = (text: string) => Promise<void> | undefined;

/** In characters: what a burst of logs may have before lines are left out. */
const MAX_WAITING = 1024 * 1024;

/**
 * Lines for a reader who may be slow, or not read at all: it neither blocks us
 * nor makes memory grow. Once a million characters wait, spare lines are left
 * out until the reader has had what waits; all others wait as long as it takes.
 */
export class PatientLines {
  private waiting: string[] = [];
  private length = 0;
  private leftOut = 0;
  private isFull = false;
  private catchingUp: Promise<void> | undefined;

  /** @param mark the line that stands for so many */
  constructor(
    private readonly write: Write,
    private readonly mark: (count: number) => string,
    private readonly maxWaiting = MAX_WAITING,
  ) {}

  /** @param isSpare whether nobody is misled when it is missing */
  print(line: string, isSpare = false): void {
    if (isSpare && this.isBehind) {
      this.isFull ||= this.length + line.length > this.maxWaiting;
      if (this.isFull) {
        this.leftOut += 1;
        return;
      }
    }
    this.tellLeftOut();
    this.add(line);
  }

  /** Resolves when the reader has had all. */
  async end(): Promise<void> {
    while (this.catchingUp) await this.catchingUp;
  }

  private get isBehind(): boolean {
    return this.catchingUp !== undefined;
  }

  private tellLeftOut(): void {
    if (this.leftOut === 0) return;
    const line = this.mark(this.leftOut);
    this.leftOut = 0;
    this.add(line);
  }

  private add(line: string): void {
    if (this.isBehind) {
      this.waiting.push(`${line}\n`);
      this.length += line.length;
    } else {
      this.hand(`${line}\n`);
    }
  }

  private hand(text: string): void {
    this.catchingUp = this.write(text)?.then(() => this.goOn());
  }

  private goOn(): void {
    this.catchingUp = undefined;
    const text = this.waiting.join('');
    this.waiting = [];
    this.length = 0;
    this.isFull = false;
    if (text !== '') this.hand(text);
    this.tellLeftOut();
  }
}
