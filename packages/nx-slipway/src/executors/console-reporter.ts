import { scrub, type Reporter, type Secrets } from '../report';
import { writerTo } from './writer';

/**
 * Plain lines on this process's streams: Nx keeps and replays them, so there
 * is nothing that moves.
 */
export function consoleReporter(secrets: Secrets): Reporter {
  const clean = (line: string) => scrub(line, secrets.all);
  const writers = {
    stdout: writerTo(process.stdout),
    stderr: writerTo(process.stderr),
  };
  return {
    info: (line) => process.stdout.write(`${clean(line)}\n`),
    warn: (line) => process.stderr.write(`warning: ${clean(line)}\n`),
    // The build room has scrubbed these already, over chunk borders.
    output: (stream, chunk) => writers[stream](chunk),
  };
}
