import { runCommand } from '../build/command';
import { recordingReporter } from './recording-reporter';

/** A process whose own standard input stays open while it runs `cat`. */
void runCommand({
  command: 'cat',
  dir: __dirname,
  env: process.env,
  secrets: [],
  signal: new AbortController().signal,
  reporter: recordingReporter(),
}).then(() => process.stdout.write('cat ended\n'));
