import { controlPlace } from '../place';
import { startControl } from '../start-control';
import { recordingControls } from './recording-controls';

/**
 * A process that can be asked: `serve-child.ts ROOT IMAGE...`. It prints what
 * it is asked for, and ends when its standard input does.
 */
const [root = '', ...images] = process.argv.slice(2);
const say = (line: string) => process.stdout.write(`${line}\n`);

async function serve() {
  const place = await controlPlace(root, process.env);
  const control = await startControl(place, recordingControls(images, say));
  say('started');
  // Standard input is what keeps this process.
  process.stdin.resume().once('end', () => {
    void control.close().then(() => say('closed'));
  });
}

void serve().catch((error: Error) => {
  say(error.message);
  process.exitCode = 1;
});
