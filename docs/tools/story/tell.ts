import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endOf, firstMissing } from './said';
import { Running, runScript, type Place } from './shell';
import type { Expect, Run, Step } from './steps';

/** Of a loaded machine, for a page to be served. */
const DEADLINE_MS = 90_000;
const AGAIN_MS = 250;

/** What is another on this machine than for the readers of a page. */
export type Replacements = readonly (readonly [from: string, to: string])[];

/** A page as it is followed by a reader, in a folder. */
export class Story {
  private readonly background: Running[] = [];
  /** Up to where the background's words have been expected. */
  private heard = 0;
  private output = '';

  private constructor(
    private place: Place,
    private readonly replacements: Replacements,
  ) {}

  /**
   * Does all steps, in their order.
   * @param look at the end, while what is in the background still runs
   * @throws an error naming the line of the step that failed
   */
  static async tell(
    steps: readonly Step[],
    place: Place,
    replacements: Replacements = [],
    look: (place: Place) => Promise<void> = async () => {},
  ): Promise<void> {
    const story = new Story(place, replacements);
    try {
      for (const step of steps) await story.do(step);
      await look(story.place);
    } finally {
      await Promise.all(story.background.map((one) => one.stop()));
    }
  }

  private async do(step: Step): Promise<void> {
    try {
      if (step.kind === 'write') await this.write(step.file, step.text);
      else if (step.kind === 'expect') await this.expect(step);
      else await this.run(step);
    } catch (error) {
      const { message } = error as Error;
      throw new Error(`line ${step.line}: ${message}`, { cause: error });
    }
  }

  private async write(file: string, text: string): Promise<void> {
    const path = join(this.place.cwd, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, this.here(text));
  }

  private async run(step: Run): Promise<void> {
    const script = this.here(step.script);
    if (step.background) {
      const running = new Running(script, this.place);
      this.background.push(running);
      this.heard = 0;
      if (step.until !== undefined) await this.hear([step.until]);
      return;
    }
    const deadline = Date.now() + DEADLINE_MS;
    for (;;) {
      const { exitCode, output, ...place } = await runScript(
        script,
        this.place,
      );
      this.output = output;
      const hasSaid = step.until === undefined || output.includes(step.until);
      if (hasSaid && (exitCode !== 0) === step.fails) {
        this.place = place;
        return;
      }
      if (step.until === undefined || Date.now() > deadline) {
        throw new Error(`${script}\nended with ${exitCode}:\n${output}`);
      }
      await sleep(AGAIN_MS);
    }
  }

  private async expect({ lines, background }: Expect): Promise<void> {
    const here = lines.map((line) => this.here(line));
    if (background) return this.hear(here);
    const missing = firstMissing(here, this.output);
    if (missing === undefined) return;
    throw new Error(`"${missing}" is missing in:\n${this.output}`);
  }

  private async hear(lines: readonly string[]): Promise<void> {
    const running = this.background.at(-1);
    if (!running) throw new Error('nothing runs in the background.');
    let end = -1;
    await running.until(lines.join(' / '), () => {
      end = endOf(lines, running.output.slice(this.heard));
      return end >= 0;
    });
    this.heard += end;
  }

  private here(text: string): string {
    return this.replacements.reduce(
      (all, [from, to]) => all.replaceAll(from, to),
      text,
    );
  }
}
