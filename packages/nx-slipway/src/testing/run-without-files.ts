import { closeSync, openSync } from 'node:fs';
import { runCommand } from '../build/command';
import { recordingReporter } from './recording-reporter';

/** Opens all the files that it may, runs a command, prints what came of it. */
const reporter = recordingReporter();
const open: number[] = [];
// Node makes them on first use, and could not later.
void process.stdout;
try {
  for (;;) open.push(openSync('/dev/null', 'r'));
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'EMFILE') throw error;
}
runCommand({
  command: ['true'],
  dir: '/',
  env: { PATH: process.env.PATH },
  secrets: [],
  signal: new AbortController().signal,
  reporter,
}).catch((error: Error & { code: string }) => {
  for (const file of open) closeSync(file);
  const { code, message } = error;
  const { warnings } = reporter;
  process.stdout.write(JSON.stringify({ code, message, warnings }));
});
