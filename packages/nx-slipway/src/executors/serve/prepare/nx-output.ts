import { stripVTControlCharacters } from 'node:util';
import { LastLines } from '../../../tool';

type Stream = 'stdout' | 'stderr';

export interface NxLine {
  readonly stream: Stream;
  /** Without its end. */
  readonly line: string;
  /** Whose task has printed it, where that can be told. */
  readonly project?: string;
}

/** `> nx run web:build  [local cache]`: with brackets nothing is run. */
const HEADER = /^> nx run (\S+)(?:.*\s(\[[^\]]+\]))?/;
/** `NX   Running target build for project web failed` */
const TITLE = /^\s*NX\s+(.*)/;
const OF_THE_RUN = /^(?:Running|Successfully ran) targets? /;
const FAILED = 'Failed tasks:';
/** Since Nx 23, on standard output even where the rest is on the other. */
const REPORT = /^ {2}(?:Run duration|Cache|Critical path|Recoverable time): /;

/**
 * Reads what `nx run-many --output-style=stream` prints: lines that begin with
 * their project; titles of Nx, of which those of the run as a whole are kept
 * from people; and at the end the tasks that failed. Where a version of Nx
 * prints it otherwise, all is passed on and no task is known to have failed.
 */
export class NxOutput {
  /** The ids of the tasks that failed. */
  readonly failed: string[] = [];
  private readonly tails = new Map<string | undefined, LastLines>();
  private readonly rest = { stdout: '', stderr: '' };
  /** What a line without a project is part of. */
  private readonly part: Record<Stream, Part> = {
    stdout: { isShown: true },
    stderr: { isShown: true },
  };

  /** @param projects whose tasks may run */
  constructor(
    private readonly projects: readonly string[],
    private readonly onLine: (line: NxLine) => void,
  ) {}

  push(stream: Stream, chunk: string): void {
    const lines = (this.rest[stream] + chunk).split('\n');
    this.rest[stream] = lines.pop() ?? '';
    for (const line of lines) this.take(stream, line);
  }

  /** A line without an end is one, too. */
  end(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      if (this.rest[stream] !== '') this.push(stream, '\n');
    }
  }

  /** The last lines of a project's tasks, or of all if it has printed none. */
  tailOf(project: string): LastLines {
    return this.tails.get(project) ?? this.tails.get(undefined) ?? NO_LINES;
  }

  private take(stream: Stream, raw: string): void {
    const line = stripVTControlCharacters(raw).trimEnd();
    if (line === '') return;
    const prefix = this.projects.find((name) => startsWithName(line, name));
    if (prefix !== undefined) {
      this.show({ stream, line, project: prefix });
      return;
    }
    const part = this.partFrom(line) ?? this.part[stream];
    const { isShown, project, isCached, isListOfFailed } = part;
    this.part[stream] = isCached ? { isShown: false } : part;
    const failed = isListOfFailed && /^- (\S+)/.exec(line)?.[1];
    if (failed) this.failed.push(failed);
    if (isShown) this.show({ stream, line, project });
  }

  /** @returns undefined if the line goes on with what it is part of */
  private partFrom(line: string): Part | undefined {
    const [, id, cached] = HEADER.exec(line) ?? [];
    if (id !== undefined) {
      const project = this.projects.find((name) => id.startsWith(`${name}:`));
      return { isShown: true, project, isCached: cached !== undefined };
    }
    const title = TITLE.exec(line)?.[1];
    if (title !== undefined) return { isShown: !OF_THE_RUN.test(title) };
    if (REPORT.test(line)) return { isShown: false };
    if (line === FAILED) return { isShown: false, isListOfFailed: true };
    return undefined;
  }

  private show(shown: NxLine): void {
    this.onLine(shown);
    const { line, project } = shown;
    if (HEADER.test(line)) return;
    const own =
      project !== undefined && startsWithName(line, project)
        ? line.slice(project.length + 2)
        : line;
    for (const key of new Set([project, undefined])) {
      const tail = this.tails.get(key) ?? new LastLines();
      tail.add(`${own}\n`);
      this.tails.set(key, tail);
    }
  }
}

interface Part {
  readonly isShown: boolean;
  readonly project?: string;
  /** The header of a task whose output is that of an earlier run. */
  readonly isCached?: boolean;
  readonly isListOfFailed?: boolean;
}

const NO_LINES = new LastLines();

function startsWithName(line: string, project: string): boolean {
  return line.startsWith(`${project}: `) || line === `${project}:`;
}
