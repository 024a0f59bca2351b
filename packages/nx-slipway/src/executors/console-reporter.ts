import { scrub, type Reporter, type Secrets } from '../report';
import { writerTo } from './writer';

export interface ConsoleReporter extends Reporter {
  /**
   * A line that programs read and act on, as it is: a deploy ref, which is no
   * secret, and of no use if `KEYCLOAK_IMAGE` takes its name for one.
   */
  answer(line: string): void;
}

/**
 * Plain lines on this process's streams: Nx keeps and replays them, so there
 * is nothing that moves.
 * @param infoTo `stderr` where standard output is for what programs read
 */
export function consoleReporter(
  secrets: Secrets,
  infoTo: 'stdout' | 'stderr' = 'stdout',
): ConsoleReporter {
  const clean = (line: string) => scrub(line, secrets.all);
  const writers = {
    stdout: writerTo(process.stdout),
    stderr: writerTo(process.stderr),
  };
  return {
    info: (line) => process[infoTo].write(`${clean(line)}\n`),
    answer: (line) => process.stdout.write(`${line}\n`),
    warn: (line) => process.stderr.write(`warning: ${clean(line)}\n`),
    // The build room has scrubbed these already, over chunk borders.
    output: (stream, chunk) =>
      writers[stream === 'stdout' ? infoTo : stream](chunk),
  };
}
