/** The words behind the backticks of a block of code. */
export interface Info {
  /** The first word: `sh`, `jsonc`; empty where there is none. */
  readonly language: string;
  /** The other words: `run`, `background`. */
  readonly words: readonly string[];
  /** `file=PATH`, `until="a text"`. */
  readonly values: Readonly<Record<string, string>>;
}

const PART = /([A-Za-z]+)=(?:"((?:[^"\\]|\\.)*)"|(\S+))|(\S+)/g;

/** @param text as it stands there: `sh run until="ready"` */
export function parseInfo(text: string): Info {
  const words: string[] = [];
  const values: Record<string, string> = {};
  for (const [, name, quoted, bare, word] of text.matchAll(PART)) {
    if (name === undefined) words.push(word ?? '');
    else values[name] = quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '';
  }
  const [language = '', ...others] = words;
  return { language, words: others, values };
}
