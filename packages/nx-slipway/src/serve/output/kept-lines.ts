/** In characters: how a command begins, and how it ends, are what matters. */
const MAX_FIRST = 32 * 1024;
const MAX_LAST = 96 * 1024;

/** The first and the last of many lines. */
export class KeptLines {
  private readonly first: string[] = [];
  private readonly last: string[] = [];
  private firstLength = 0;
  private lastLength = 0;
  private leftOut = 0;

  constructor(
    private readonly maxFirst = MAX_FIRST,
    private readonly maxLast = MAX_LAST,
  ) {}

  add(line: string): void {
    const isFirst = this.last.length === 0 && this.leftOut === 0;
    if (isFirst && this.firstLength + line.length <= this.maxFirst) {
      this.first.push(line);
      // A line end counts: there may be a million of empty ones.
      this.firstLength += line.length + 1;
      return;
    }
    this.last.push(line);
    this.lastLength += line.length + 1;
    while (this.lastLength > this.maxLast && this.last.length > 1) {
      this.lastLength -= (this.last.shift()?.length ?? 0) + 1;
      this.leftOut += 1;
    }
  }

  /** With one that stands for those that are not kept. */
  get lines(): readonly string[] {
    if (this.leftOut === 0) return [...this.first, ...this.last];
    return [...this.first, leftOutMark(this.leftOut), ...this.last];
  }
}

export function leftOutMark(count: number): string {
  return `… ${count} ${count === 1 ? 'line' : 'lines'} left out`;
}
