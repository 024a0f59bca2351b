import { foreignText, oneLine } from '../../report';
import type {
  CycleEvent,
  Fault,
  LogEvent,
  MessageEvent,
  ServeEvent,
  StateEvent,
} from '../events';
import { BuildOutput, type BuildOutputMode, type Later } from './build-output';
import { cycleLine, liveText, total } from './cycle-line';
import { faultLines } from './fault-lines';

import { header } from './header';
import { objectsLine } from './objects-line';
import { Paint } from './paint';
import { logPrefix, podName } from './pod-name';
import { PortForwardLines } from './port-forward-lines';
import { subjectKey, subjectName, type Named } from './subject-name';
import { WorkLines } from './work-lines';

/** States after which an error is news again. */
const MENDED: readonly string[] = ['current', 'ready'];
/** As many as an error quotes of a command's output. */
const QUOTED = 10;

export interface PeopleOptions {
  readonly isColored: boolean;
  readonly buildOutput: BuildOutputMode;
  readonly later: Later;
  /** @param isSpare whether nobody is misled when it is missing */
  readonly print: (line: string, isSpare: boolean) => void;
}

/**
 * What a running serve shows to people: plain lines, of which none is ever
 * written over, so that they are right in a terminal, in Nx's and in a file.
 */
export class PeopleOutput {
  private readonly paint: Paint;
  private readonly work: WorkLines;
  private readonly builds: BuildOutput;
  private readonly forwards = new PortForwardLines();
  /** The last that was told of each subject, until it is mended. */
  private readonly faults = new Map<string, string>();
  /** What stands right above, where that is output of one build. */
  private above:
    { readonly image: string; readonly lines: string[] } | undefined;

  constructor(private readonly options: PeopleOptions) {
    const { buildOutput: mode, later } = options;
    this.paint = new Paint(options.isColored);
    this.work = new WorkLines(this.paint);
    this.builds = new BuildOutput({
      mode,
      later,
      print: (image, line) => this.printOutput(image, line),
    });
  }

  tell(event: ServeEvent): void {
    for (const line of this.work.of(event)) this.print(line);
    switch (event.type) {
      case 'start':
        for (const line of header(event, this.paint)) this.print(line);
        break;
      case 'change':
        for (const one of event.subjects) this.faults.delete(subjectKey(one));
        break;
      case 'state':
        this.tellState(event);
        break;
      case 'phase':
        this.tellPhase(event);
        break;
      case 'cycle':
        this.tellCycle(event);
        break;
      case 'live-update':
        this.printOf(event, liveText(event));
        break;
      case 'objects':
        this.printOf(event, objectsLine(event));
        break;
      case 'output':
        this.builds.add(event);
        break;
      case 'log':
        this.print(this.logLine(event), true);
        break;
      case 'event':
        this.printOf(
          event,
          `${oneLine(event.object)}: ${this.paint.doubtful(oneLine(event.reason))}: ${oneLine(event.message)}`,
        );
        break;
      case 'drift':
        this.printOf(
          event,
          `${oneLine(event.object)}: ${oneLine(event.message)}`,
        );
        break;
      case 'port-forward':
        this.printOf(event, this.forwards.of(event));
        break;
      case 'message':
        this.tellMessage(event);
        break;
      case 'up-to-date':
        this.print(`${this.paint.good('up to date')}  ${total(event.ms)}`);
        break;
      case 'end':
        this.builds.close();
        this.print(
          event.reason === 'cancelled'
            ? 'stopped; the cluster stays as it is'
            : `serve has ${this.paint.bad('FAILED')}`,
        );
        if (event.fault) this.printFault({}, event.fault);
        break;
    }
  }

  private tellState(event: StateEvent): void {
    const { fault } = event;
    const key = subjectKey(event);
    if (MENDED.includes(event.state)) this.faults.delete(key);
    // The end of a cycle tells of it, or has told.
    const isTold =
      !fault ||
      this.work.isActive(event) ||
      this.faults.get(key) === JSON.stringify(fault);
    if (isTold && event.state !== 'lost') return;
    if (event.state === 'waiting') {
      this.faults.set(key, JSON.stringify(fault));
      return this.printOf(event, fault?.message);
    }
    this.printOf(event, this.paint.bad(event.state));
    if (fault) this.printFault(event, fault);
  }

  private tellPhase(event: ServeEvent & { type: 'phase' }): void {
    const { image, phase, ms } = event;
    if (image === undefined || ms !== undefined) return;
    if (phase === 'prepare' || phase === 'build') this.builds.begin(image);
    else if (phase !== 'detect') this.builds.succeed(image);
  }

  private tellCycle(event: CycleEvent): void {
    const { image, result, fault } = event;
    if (image !== undefined) this.builds.end(image, result);
    const above = this.above?.image === image ? this.above?.lines : undefined;
    const line = cycleLine(event, this.paint);
    if (line !== undefined) this.print(line);
    if (result === 'failed' && fault) {
      this.printFault(event, fault, above);
    }
  }

  private tellMessage(event: MessageEvent): void {
    const { level, text } = event;
    const [first = '', ...others] = text
      .split('\n')
      .map((line) => foreignText(line, this.paint.isOn));
    const words = {
      info: first,
      warning: `${this.paint.doubtful('warning:')} ${first}`,
      error: `${this.paint.bad('error:')} ${first}`,
    };
    this.printOf(event, words[level]);
    for (const line of others) this.print(`  ${line}`);
  }

  private logLine({ pod, container, line }: LogEvent): string {
    const prefix = oneLine(logPrefix(pod, container));
    const { workload } = podName(pod);
    const text = foreignText(line, this.paint.isOn);
    return `${this.paint.subject(oneLine(workload), prefix)} | ${text}`;
  }

  private printFault(of: Named, fault: Fault, above?: string[]): void {
    const [key, text] = [subjectKey(of), JSON.stringify(fault)];
    const isKnown = this.faults.get(key) === text;
    this.faults.set(key, text);
    const lines = isKnown
      ? [`  ${this.paint.bad(fault.code ?? 'the error')} as before`]
      : faultLines(fault, this.paint, above);
    for (const line of lines) this.print(line);
  }

  /** Of an image or a project, if it is of one. */
  private printOf(of: Named, line: string | undefined): void {
    if (line === undefined) return;
    const name = subjectName(of);
    this.print(name === '' ? line : `${this.paint.subject(name)}: ${line}`);
  }

  private printOutput(image: string, line: string): void {
    const text = foreignText(line, this.paint.isOn);
    const lines = this.above?.image === image ? this.above.lines : [];
    this.print(`${this.paint.subject(oneLine(image))} | ${text}`, true);
    this.above = { image, lines: [...lines, text].slice(-QUOTED) };
  }

  private print(line: string, isSpare = false): void {
    this.above = undefined;
    this.options.print(line.trimEnd(), isSpare);
  }
}
