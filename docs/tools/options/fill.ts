import { schemaNamed } from './schemas';
import { optionsTable, type Choice } from './table';

const BEGIN = /^<!-- options: (.*?) -->$/;
const END = '<!-- /options -->';
const FENCE = /^\s*(```|~~~)/;
const CHOICE = /^(only|without)=(\S+)$/;

/**
 * A page with its option tables as the schemas have them.
 * @throws an error naming the line of a marker that is wrong
 */
export function fillTables(text: string): string {
  const filled: string[] = [];
  let end: number | undefined;
  let inCode = false;
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    if (end !== undefined && index < end) continue;
    filled.push(line);
    if (FENCE.test(line)) inCode = !inCode;
    if (inCode) continue;
    const [, words] = BEGIN.exec(line) ?? [];
    if (words === undefined) continue;
    end = lines.findIndex((one, at) => at > index && one === END);
    const next = lines.findIndex((one, at) => at > index && BEGIN.test(one));
    if (end < 0 || (next >= 0 && next < end)) {
      throw new Error(`line ${index + 1}: no ${END} follows.`);
    }
    filled.push('', ...table(words, index + 1), '');
  }
  return filled.join('\n');
}

function table(words: string, line: number): string[] {
  const parts = words.split(/\s+/);
  const name = parts.filter((part) => !CHOICE.test(part)).join(' ');
  const choice: Choice = Object.fromEntries(
    parts.flatMap((part) => {
      const [, key, names] = CHOICE.exec(part) ?? [];
      return key && names ? [[key, names.split(',')]] : [];
    }),
  );
  try {
    return optionsTable(schemaNamed(name), choice).trimEnd().split('\n');
  } catch (error) {
    throw new Error(`line ${line}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
