import { realClock } from '../../build';
import type { Secrets } from '../../report';
import { serveOutput, type ServeOutput } from '../../serve';
import { writerTo } from '../writer';
import type { ServeExecutorSchema } from './schema';

/** What a serve tells, on this process's standard output. */
export function outputTo(
  { output, buildOutput = 'auto' }: ServeExecutorSchema,
  secrets: Secrets,
): ServeOutput {
  return serveOutput({
    format: output === 'json' ? 'json' : 'people',
    isColored: hasColors(process.env, process.stdout.isTTY),
    buildOutput,
    secrets,
    now: () => Date.now(),
    later: realClock,
    write: writerTo(process.stdout),
  });
}

/** As https://no-color.org and https://force-color.org have it; Nx sets the latter. */
export function hasColors(
  { NO_COLOR, FORCE_COLOR }: NodeJS.ProcessEnv,
  isTerminal: boolean,
): boolean {
  if (NO_COLOR) return false;
  if (FORCE_COLOR !== undefined) {
    return !['0', 'false', ''].includes(FORCE_COLOR);
  }
  return isTerminal;
}
