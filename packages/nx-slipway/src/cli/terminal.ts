import type { Reporter, Secrets } from '../report';

/** What a command line is run in; all that leaves it but a ref is scrubbed. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  /** Absolute. */
  readonly homedir: string;
  readonly secrets: Secrets;
  /** Standard output, as it is: lines bring their own end. */
  print(text: string): void;
  /**
   * The same for what programs read and act on: a deploy ref, which is no
   * secret, and of no use if `KEYCLOAK_IMAGE` takes its name for one.
   */
  answer(text: string): void;
  /** One line on standard error; nothing has failed. */
  warn(line: string): void;
}

/** For rooms that report: a command prints its answer and nothing else. */
export function reporterOn(terminal: Terminal): Reporter {
  return {
    info: (line) => terminal.warn(line),
    warn: (line) => terminal.warn(line),
    output: (_stream, chunk) => terminal.warn(chunk),
  };
}
