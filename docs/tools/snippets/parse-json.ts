import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser';

export type Json = Readonly<Record<string, unknown>>;

export interface Parsed {
  readonly values?: readonly unknown[];
  readonly error?: string;
  /** It has no braces of its own. */
  readonly isPart?: boolean;
}

/** One value, or a part of an object, or several values one after the other. */
export function parsed(text: string, language: string): Parsed {
  const isStrict = language === 'json';
  const whole = parseAs(text, isStrict);
  if (!whole.error) return { values: [whole.value] };
  const part = parseAs(`{${text}\n}`, isStrict);
  if (!part.error) return { values: [part.value], isPart: true };
  const series = parseAs(`[${text}\n]`, isStrict, ['CommaExpected']);
  if (!series.error) return { values: series.value as unknown[] };
  const { error, offset } = whole.error;
  const line = text.slice(0, offset).split('\n').length;
  return { error: `line ${line}: ${printParseErrorCode(error)}` };
}

function parseAs(
  text: string,
  isStrict: boolean,
  forgiven: readonly string[] = [],
) {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, {
    allowTrailingComma: !isStrict,
    disallowComments: isStrict,
  });
  return {
    value,
    error: errors.find(
      ({ error }) => !forgiven.includes(printParseErrorCode(error)),
    ),
  };
}

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
