import type { Reporter } from '../report';
import type { BuildOutputEvent, OnEvent } from './events';

type Stream = BuildOutputEvent['stream'];

/** Cut here: a build may print all on one line. In characters. */
const LONGEST = 64 * 1024;

/** What a build says, as events. */
export class ImageReporter implements Reporter {
  private readonly open: Record<Stream, string> = { stdout: '', stderr: '' };

  constructor(
    private readonly image: string,
    private readonly emit: OnEvent,
    private readonly phase: BuildOutputEvent['phase'] = 'build',
  ) {}

  info(text: string): void {
    const { image } = this;
    this.emit({ type: 'message', level: 'info', text, image });
  }

  warn(text: string): void {
    const { image } = this;
    this.emit({ type: 'message', level: 'warning', text, image });
  }

  output(stream: Stream, chunk: string): void {
    const lines = (this.open[stream] + chunk).split(/\r?\n/);
    const rest = lines.pop() ?? '';
    for (const line of lines) this.line(stream, line);
    this.open[stream] = rest.length > LONGEST ? '' : rest;
    if (rest.length > LONGEST) this.line(stream, rest);
  }

  /** What was printed without an end of line. */
  flush(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      if (this.open[stream] !== '') this.line(stream, this.open[stream]);
      this.open[stream] = '';
    }
  }

  private line(stream: Stream, text: string): void {
    const { image, phase } = this;
    // Of a progress bar, what it came to.
    const line = text.replace(/\r$/, '').replace(/^.*\r/, '');
    this.emit({ type: 'output', image, phase, stream, line });
  }
}
