import { oneLine } from '../../report';
import type { ChangeEvent, ServeEvent, Trigger } from '../events';
import type { Paint } from './paint';
import { someOf } from './some-of';
import { subjectKey, subjectName, type Named } from './subject-name';

const MAX_SUBJECTS = 3;
const MAX_FILES = 1;

/** Files have changed, and what comes of it is not known yet. */
interface Change {
  /** Of its subjects. */
  readonly keys: readonly string[];
  readonly line: string;
}

/**
 * Says that work begins, and why: `frontend: src/index.ts changed, building`.
 * A change is told as soon as it is known what comes of it, which is at once.
 */
export class WorkLines {
  private readonly changes = new Map<string, Change>();
  private readonly active = new Set<string>();
  private readonly announced = new Set<string>();
  /** Those that have changed and wait for a command. */
  private readonly held = new Set<string>();
  private trigger: Trigger = 'auto';

  constructor(private readonly paint: Paint) {}

  /** Whether the subject is in a cycle, whose end tells how it went. */
  isActive(subject: Named): boolean {
    return this.active.has(subjectKey(subject));
  }

  /** To be called with each event. @returns what is to be said before it */
  of(event: ServeEvent): string[] {
    if (event.type === 'start') this.trigger = event.trigger;
    if (event.type === 'change') return this.changed(event);
    if (event.type === 'state') return this.inState(event, event.state);
    if (event.type === 'cycle') return this.over(subjectKey(event));
    if (event.type !== 'phase' || event.ms !== undefined) return [];
    this.active.add(subjectKey(event));
    return this.inState(event, PHASES[event.phase]);
  }

  private changed({ subjects, files, count }: ChangeEvent): string[] {
    const keys = subjects.map(subjectKey);
    const before = keys.flatMap((key) => this.told(key));
    const names = subjects.map((one) => this.paint.subject(subjectName(one)));
    const what = someOf(files.map(oneLine), MAX_FILES, count);
    const line = `${someOf(names, MAX_SUBJECTS)}: ${what} changed`;
    const change = { keys, line };
    for (const key of keys) this.changes.set(key, change);
    const [first] = keys;
    if (first === undefined) return before;
    // There they are on their way already, or go nowhere.
    if (keys.every((key) => this.held.has(key))) {
      return [...before, ...this.told(first, this.waits)];
    }
    if (keys.some((key) => this.active.has(key))) {
      for (const key of keys) this.announced.add(key);
      return [...before, ...this.told(first)];
    }
    return before;
  }

  private inState(subject: Named, state: string | undefined): string[] {
    const key = subjectKey(subject);
    const name = this.paint.subject(subjectName(subject));
    const wasHeld = this.held.has(key);
    if (state === 'changed') {
      this.held.add(key);
      const lines = this.told(key, this.waits);
      if (lines.length > 0 || wasHeld) return lines;
      return [`${name}: changed, ${this.waits}`];
    }
    if (state === undefined) return [];
    this.held.delete(key);
    if (!VERBS.includes(state)) return [];
    const { keys } = this.changes.get(key) ?? { keys: [key] };
    const lines = this.told(key, state);
    const isNew = !this.announced.has(key);
    for (const one of keys) this.announced.add(one);
    if (lines.length > 0 || !isNew || !LONG.includes(state)) return lines;
    return [`${name}: ${state}`];
  }

  private over(key: string): string[] {
    const lines = this.told(key);
    this.active.delete(key);
    this.announced.delete(key);
    return lines;
  }

  /** Each change once, whoever of its subjects is the first. */
  private told(key: string, verb?: string): string[] {
    const change = this.changes.get(key);
    if (!change) return [];
    for (const one of change.keys) this.changes.delete(one);
    return [verb === undefined ? change.line : `${change.line}, ${verb}`];
  }

  private get waits(): string {
    const command = this.trigger === 'manual' ? 'trigger' : 'resume';
    return `waits for slipway ${command}`;
  }
}

/** What the beginning of a phase says of the state. */
const PHASES: Readonly<Record<string, string>> = {
  prepare: 'preparing',
  build: 'building',
  render: 'applying',
  apply: 'applying',
};

/** States in which it is known what comes of a change. */
const VERBS = ['preparing', 'building', 'syncing', 'applying'];

/** Worth a line though no file has changed. */
const LONG = ['preparing', 'building'];
