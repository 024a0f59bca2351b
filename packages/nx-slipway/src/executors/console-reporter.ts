import { scrub, type Reporter } from '../report';

/**
 * Plain lines on this process's streams: Nx keeps and replays them, so there
 * is nothing that moves.
 * @param secrets values that must not be shown
 */
export function consoleReporter(secrets: readonly string[]): Reporter {
  return {
    info: (line) => process.stdout.write(`${scrub(line, secrets)}\n`),
    warn: (line) => process.stderr.write(`warning: ${scrub(line, secrets)}\n`),
    // The build room has scrubbed these already, over chunk borders.
    output: (stream, chunk) => process[stream].write(chunk),
  };
}
