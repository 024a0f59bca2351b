/** A command as a shell would see it: its words, less what redirects it. */
export interface Command {
  readonly words: readonly string[];
  /** From 0, in the text. */
  readonly line: number;
}

/** Blanks, a comment, a quoted or bare piece of a word, an operator. */
const PIECE =
  /(?<blank>[ \t]+)|(?<end>\n|&&|\|\||[;|&])|(?<redirect>\d?>>?&?\d?|<)|'(?<single>[^']*)'|"(?<double>(?:\\[^]|[^"\\])*)"|(?<bare>(?:\$\((?:[^()]|\([^()]*\))*\)|\\[^]|[^\s'"&|;<>\\])+)/gy;

/**
 * The commands of a piece of shell, as far as docs need it: quotes, operators,
 * comments, lines that go on, here-documents. What is in `$( )` stays a word.
 */
export function commandsOf(script: string): Command[] {
  const text = withoutHereDocuments(script);
  const commands: Command[] = [];
  let words: string[] = [];
  let word: string | undefined;
  let line = 0;
  let began = 0;
  const endWord = () => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  const endCommand = () => {
    endWord();
    if (words.length > 0) commands.push({ words, line: began });
    words = [];
  };
  PIECE.lastIndex = 0;
  for (let at = 0; at < text.length; at = PIECE.lastIndex) {
    if (text[at] === '#' && word === undefined) {
      PIECE.lastIndex = text.indexOf('\n', at);
      if (PIECE.lastIndex < 0) break;
      continue;
    }
    if (text.startsWith('\\\n', at)) {
      endWord();
      line += 1;
      PIECE.lastIndex = at + 2;
      continue;
    }
    PIECE.lastIndex = at;
    const groups = PIECE.exec(text)?.groups;
    if (!groups) throw new Error(`no shell: ${text.slice(at, at + 40)}`);
    const piece = groups['single'] ?? groups['double'] ?? groups['bare'];
    if (piece !== undefined) {
      if (words.length === 0 && word === undefined) began = line;
      word = (word ?? '') + piece;
    } else if (groups['redirect'] !== undefined) {
      endWord();
      // `2>&1` is all there is.
      if (!/&\d$/.test(groups['redirect'])) {
        PIECE.lastIndex = endOfTarget(text, PIECE.lastIndex);
      }
    } else if (groups['blank'] !== undefined) endWord();
    else endCommand();
    line += (text.slice(at, PIECE.lastIndex).match(/\n/g) ?? []).length;
  }
  endCommand();
  return commands;
}

/** Behind the file that is written or read. */
function endOfTarget(text: string, from: number): number {
  const [target = ''] = /^[ \t]*[^\s&|;]*/.exec(text.slice(from)) ?? [];
  return from + target.length;
}

/** Their lines stay, as empty ones. */
function withoutHereDocuments(script: string): string {
  return script.replace(
    /<<-?\s*(['"]?)(\w+)\1([^\n]*)\n([^]*?)\n\s*\2(?=\n|$)/g,
    (_all, _quote, _word, rest: string, body: string) =>
      `${rest}\n${'\n'.repeat(body.split('\n').length)}`,
  );
}
