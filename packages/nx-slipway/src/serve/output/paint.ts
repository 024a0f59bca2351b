/** SGR codes (ECMA-48) of what has a meaning; subjects have none of them. */
const BAD = 31;
const GOOD = 32;
const DOUBTFUL = 33;
const DIM = 2;
const SUBJECTS = [36, 35, 34, 96, 95, 94, 92];

/** Colours, if there are to be any: each subject has its own, as long as we run. */
export class Paint {
  private readonly codes = new Map<string, number>();

  constructor(readonly isOn: boolean) {}

  bad(text: string): string {
    return this.in(BAD, text);
  }

  good(text: string): string {
    return this.in(GOOD, text);
  }

  doubtful(text: string): string {
    return this.in(DOUBTFUL, text);
  }

  dim(text: string): string {
    return this.in(DIM, text);
  }

  /** @param text what is shown of the subject of that name */
  subject(name: string, text = name): string {
    const next = this.codes.size % SUBJECTS.length;
    const code = this.codes.get(name) ?? SUBJECTS[next] ?? DIM;
    this.codes.set(name, code);
    return this.in(code, text);
  }

  private in(code: number, text: string): string {
    return this.isOn && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}
