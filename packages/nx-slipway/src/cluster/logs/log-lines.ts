import { StringDecoder } from 'node:string_decoder';

/** Bytes of a line that are shown; a program may have no line ends at all. */
const LONGEST_LINE = 64 * 1024;
const CUT = ' [cut at 64 KiB]';
const LINE_END = 0x0a;

/** Makes lines of the bytes of a log, and holds no more of one than it shows. */
export class LogLines {
  private parts: Buffer[] = [];
  private size = 0;
  private isCut = false;

  constructor(private readonly onLine: (line: string) => void) {}

  push(chunk: Buffer): void {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(LINE_END, start);
      if (end < 0) break;
      this.add(chunk.subarray(start, end));
      if (this.isCut) this.isCut = false;
      else this.onLine(this.take());
      start = end + 1;
    }
    this.add(chunk.subarray(start));
  }

  /** What has come since the last line end; none: nothing, or it was cut. */
  rest(): string | undefined {
    return this.size === 0 ? undefined : this.take();
  }

  private add(part: Buffer): void {
    if (this.isCut || part.length === 0) return;
    const room = LONGEST_LINE - this.size;
    this.parts.push(part.subarray(0, room));
    this.size += part.length;
    if (part.length <= room) return;
    this.onLine(`${this.take()}${CUT}`);
    this.isCut = true;
  }

  /** Half a character, where it was cut, is left out. */
  private take(): string {
    const line = Buffer.concat(this.parts);
    this.parts = [];
    this.size = 0;
    const decoder = new StringDecoder('utf8');
    const text = decoder.write(line);
    return line.length < LONGEST_LINE ? text + decoder.end() : text;
  }
}
