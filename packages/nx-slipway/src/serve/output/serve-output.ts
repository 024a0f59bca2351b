import type { Secrets } from '../../report';
import type { OnEvent } from '../events';
import type { BuildOutputMode, Later } from './build-output';
import { eventJson } from './event-json';
import { leftOutMark } from './kept-lines';
import { PatientLines, type Write } from './patient-lines';
import { PeopleOutput } from './people';
import { shownEvent } from './shown-event';

export interface ServeOutputOptions {
  readonly format: 'people' | 'json';
  /** Only people want colours. */
  readonly isColored: boolean;
  /** For people: programs get all of it. */
  readonly buildOutput: BuildOutputMode;
  readonly secrets: Pick<Secrets, 'all'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly later: Later;
  readonly write: Write;
}

export interface ServeOutput {
  readonly onEvent: OnEvent;
  /** Resolves when whoever reads has had all; that may be never. */
  end(): Promise<void>;
}

/** What a running serve tells, on one stream. */
export function serveOutput(options: ServeOutputOptions): ServeOutput {
  const [lines, tell] =
    options.format === 'json' ? forPrograms(options) : forPeople(options);
  let hasEnded = false;
  return {
    onEvent: (event) => {
      // What is cut off by the end may yet say so.
      if (hasEnded) return;
      hasEnded = event.type === 'end';
      tell(shownEvent(event, options.secrets.all));
    },
    end: () => lines.end(),
  };
}

function forPeople(options: ServeOutputOptions): [PatientLines, OnEvent] {
  const lines = new PatientLines(options.write, leftOutMark);
  const print = (line: string, isSpare: boolean) => lines.print(line, isSpare);
  const people = new PeopleOutput({ ...options, print });
  return [lines, (event) => people.tell(event)];
}

function forPrograms(options: ServeOutputOptions): [PatientLines, OnEvent] {
  const { now, write } = options;
  const lines = new PatientLines(write, (count) => {
    const text = leftOutMark(count);
    return eventJson({ type: 'message', level: 'warning', text }, now());
  });
  const tell: OnEvent = (event) => {
    const isSpare = event.type === 'log' || event.type === 'output';
    lines.print(eventJson(event, now()), isSpare);
  };
  return [lines, tell];
}
