import { CST, Lexer } from 'yaml';

/** What is wrong at an offset of a text. */
export class LexemeError extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

/** These mark what comes after them, and have no place in the text. */
const MARKS: readonly string[] = [CST.SCALAR, CST.DOCUMENT, CST.FLOW_END];

/** A text in `[cat, -]`, which the `yaml` package takes for a list's dash. */
const DASH_IN_FLOW = /(?<=[\s[{,])-(?=[,\]}])/g;

/**
 * The lexemes of a text for a parser of the `yaml` package, where go-yaml v2
 * sees the same ones (goyaml.v2/scannerc.go).
 * @throws LexemeError where it sees other ones
 */
export function* lexemes(text: string): Generator<string> {
  const state: State = { isPlain: false, inFlow: 0, before: '\n' };
  let offset = 0;
  for (const lexed of new Lexer().lex(text.replace(DASH_IN_FLOW, 'x'))) {
    if (MARKS.includes(lexed)) {
      state.isPlain = lexed === CST.SCALAR;
      yield lexed;
      continue;
    }
    const lexeme = text.slice(offset, offset + lexed.length);
    check(lexeme, offset, state);
    follow(lexeme, state);
    offset += lexed.length;
    yield lexeme;
  }
}

interface State {
  /** The next lexeme is a scalar without quotes. */
  isPlain: boolean;
  /** How many braces and brackets are open. */
  inFlow: number;
  /** The last lexeme that is no blank, of a scalar its last character. */
  before: string;
}

function follow(lexeme: string, state: State): void {
  if (!state.isPlain && /^[[{]$/.test(lexeme)) state.inFlow++;
  if (!state.isPlain && /^[\]}]$/.test(lexeme)) state.inFlow--;
  if (state.isPlain) state.before = lexeme.slice(-1);
  else if (!/^[ \t]*$/.test(lexeme)) state.before = lexeme;
  state.isPlain = false;
}

function check(lexeme: string, offset: number, state: State): void {
  const { isPlain, inFlow, before } = state;
  const fail = (message: string, at = 0) =>
    new LexemeError(message, offset + at);
  const lineEnd = wrongLineEnd(lexeme, isPlain);
  if (lineEnd >= 0) {
    const code = lexeme.charCodeAt(lineEnd).toString(16).padStart(4, '0');
    const what = `kubectl ends a line at the character U+${code}, so that it would have to be written \\u${code} in double quotes`;
    throw fail(what, lineEnd);
  }
  if (isPlain) {
    if (inFlow === 0 || !/^:|\?/.test(lexeme)) return;
    const text = JSON.stringify(lexeme);
    throw fail(`within braces or brackets, ${text} has to be in quotes`);
  }
  if (/^[&*]/.test(lexeme) && !/^.[\w-]+$/.test(lexeme)) {
    const what = 'has more than letters, digits, _ and - in it';
    throw fail(`the name of the anchor ${lexeme} ${what}`);
  }
  const isIndentation = inFlow === 0 && /^(?:\r?\n|[-?])$/.test(before);
  if (isIndentation && /^[ \t]*\t[ \t]*$/.test(lexeme)) {
    throw fail('a tab stands where only blanks may', lexeme.indexOf('\t'));
  }
}

/**
 * go-yaml ends a line at each of these too, as YAML 1.1 has it. The last two it
 * keeps in quotes, unless blanks around them fall away.
 */
function wrongLineEnd(lexeme: string, isPlain: boolean): number {
  const isQuoted = !isPlain && /^["']/.test(lexeme);
  return lexeme.search(
    isQuoted
      ? /\r(?!\n)|\u0085|(?<=[ \t\n])[\u2028\u2029]|[\u2028\u2029](?=[ \t\r\n])/
      : /\r(?!\n)|[\u0085\u2028\u2029]/,
  );
}
