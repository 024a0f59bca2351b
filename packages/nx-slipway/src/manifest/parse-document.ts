import { Composer, Parser, type CST, type Document } from 'yaml';
import type { ManifestText } from '../locate';
import type { DocumentSpan } from './documents';
import { LexemeError, lexemes } from './lexemes';
import { manifestError } from './manifest-error';
import { TOO_DEEP } from './value-of';

/** Characters; etcd refuses objects of more than 1.5 MB. */
export const MAX_TEXT = 64 * 1024 * 1024;

/** What no YAML may hold (goyaml.v2/readerc.go), less line ends. */
const CONTROL =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/;

/** The splitter has taken the `---` away that it stands before. */
const DIRECTIVE = /^(?:[ \t]*(?:#.*)?\r?\n)*%/;

/**
 * The nodes of one document, whose offsets count from its start.
 * @param keepSourceTokens for what edits it
 * @returns undefined if there is nothing in it
 * @throws SLIPWAY_E_MANIFEST
 */
export function parseDocument(
  text: ManifestText,
  { start, end }: DocumentSpan,
  keepSourceTokens = false,
): Document.Parsed | undefined {
  const part = text.text.slice(start, end);
  const control = CONTROL.exec(part);
  if (control) {
    const code = control[0].charCodeAt(0).toString(16).padStart(4, '0');
    throw manifestError(
      text,
      start + control.index,
      `the control character U+${code} is not allowed`,
    );
  }
  if (DIRECTIVE.test(part)) {
    throw manifestError(
      text,
      start,
      'it begins with a % directive, which kubectl refuses',
    );
  }
  const [document, second] = parsed(text, part, start, keepSourceTokens);
  if (!document) return undefined;
  const [error] = document.errors;
  if (error) throw manifestError(text, start + error.pos[0], said(error));
  if (second?.contents) {
    throw manifestError(
      text,
      start + second.range[0],
      'a document begins after "...", which kubectl would not read',
      'Put a line with --- between the two.',
    );
  }
  return document.contents === null ? undefined : document;
}

function parsed(
  text: ManifestText,
  part: string,
  start: number,
  keepSourceTokens: boolean,
) {
  const composer = new Composer({
    // Scalars are resolved by value-of.ts, keys compared there.
    schema: 'failsafe',
    uniqueKeys: false,
    strict: false,
    stringKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    keepSourceTokens,
  });
  try {
    return [...composer.compose(tokens(part))];
  } catch (error) {
    if (error instanceof LexemeError) {
      throw manifestError(text, start + error.offset, error.message);
    }
    if (!(error instanceof RangeError)) throw error;
    throw manifestError(text, start, TOO_DEEP);
  }
}

function* tokens(text: string): Generator<CST.Token> {
  const parser = new Parser();
  for (const lexeme of lexemes(text)) yield* parser.next(lexeme);
  yield* parser.end();
}

function said({ message }: Error): string {
  // The package makes an error like others of a stack that is full.
  if (/call stack/.test(message)) return TOO_DEEP;
  return message.replace(/\s+/g, ' ').replace(/[.:]$/, '');
}
