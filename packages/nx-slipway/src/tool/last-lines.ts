const MAX_LINES = 10;
/** In characters: a line may be as long as it likes. */
const MAX_LENGTH = 8 * 1024;

/** The end of what a command printed, both streams as they came. */
export class LastLines {
  private text = '';

  add(text: string): void {
    const all = this.text + text;
    const kept = all.length > MAX_LENGTH ? `…${all.slice(-MAX_LENGTH)}` : all;
    // One more, which is empty where the last line is whole.
    this.text = kept
      .split('\n')
      .slice(-MAX_LINES - 1)
      .join('\n');
  }

  /** A sentence that goes on an error's message. */
  toString(): string {
    const lines = this.text.trimEnd();
    if (lines === '') return ' It printed nothing.';
    const indented = lines.split('\n').map((line) => `    ${line}`);
    return ` Its last lines:\n${indented.slice(-MAX_LINES).join('\n')}`;
  }
}
