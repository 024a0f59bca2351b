/** One way to be let in, as WWW-Authenticate offers it. */
export interface Challenge {
  /** Lower case: `basic`, `bearer`. */
  readonly scheme: string;
  /** Names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const QUOTED = '"(?:[^"\\\\]|\\\\.)*"';
const SCHEME = new RegExp(`\\s*(${TOKEN})(?=[\\s,]|$)`, 'y');
const PARAMETER = new RegExp(
  // Some forget the quotes around a URL.
  `[\\s,]*(${TOKEN})\\s*=\\s*(${QUOTED}|[^\\s,"=][^\\s,"]*)\\s*(?=,|$)`,
  'y',
);
/** What stands for parameters in schemes of no interest: Negotiate, NTLM. */
const TOKEN68 = /[\s]+[A-Za-z0-9\-._~+/]+=*\s*(?=,|$)/y;
const BETWEEN = /[\s,]*/y;

/** No registry needs more, and the header is a stranger's. */
const MAX_LENGTH = 16 * 1024;

/**
 * Reads one or more challenges, from one header or from several joined by
 * commas (RFC 9110, 11.6.1): commas separate challenges as well as parameters,
 * and stand inside quoted strings. What follows a fault is left out.
 */
export function parseChallenges(header: string): Challenge[] {
  const text = header.slice(0, MAX_LENGTH);
  const challenges: Challenge[] = [];
  let at = 0;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) at = pattern.lastIndex;
    return match;
  };
  for (;;) {
    take(BETWEEN);
    const scheme = take(SCHEME)?.[1];
    if (scheme === undefined) return challenges;
    const parameters = new Map<string, string>();
    for (let found = take(PARAMETER); found; found = take(PARAMETER)) {
      const [, name = '', value = ''] = found;
      parameters.set(name.toLowerCase(), unquoted(value));
    }
    if (parameters.size === 0) take(TOKEN68);
    challenges.push({ scheme: scheme.toLowerCase(), parameters });
  }
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value;
  return value.slice(1, -1).replace(/\\(.)/g, '$1');
}
