import { Secrets } from '../../report';
import type { Terminal } from '../terminal';

/** A terminal that keeps what it is told. */
export interface RecordingTerminal extends Terminal {
  readonly printed: () => string;
  readonly warnings: readonly string[];
}

export function recordingTerminal(
  parts: Partial<Pick<Terminal, 'env' | 'cwd' | 'homedir'>> = {},
): RecordingTerminal {
  const { env = {}, cwd = '/', homedir = cwd } = parts;
  const warnings: string[] = [];
  let printed = '';
  const print = (text: string) => {
    printed += text;
  };
  return {
    env,
    cwd,
    homedir,
    secrets: new Secrets(env),
    print,
    answer: print,
    warn: (line) => warnings.push(line),
    printed: () => printed,
    warnings,
  };
}
