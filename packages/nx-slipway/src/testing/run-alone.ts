import { runCommand, type CommandRun } from '../build/command';
import { withCancellation } from '../executors/cancellation';

/**
 * What an executor is to a command, in a process of its own that tests may
 * kill. Its argument is the command as JSON; it prints `group N`, then the
 * command's output, then `ended CODE` or `ended well`.
 */
const command = JSON.parse(process.argv[2] ?? '') as CommandRun['command'];
const write = (line: string) => void process.stdout.write(`${line}\n`);

void withCancellation((signal, kill) =>
  runCommand({
    command,
    dir: process.cwd(),
    env: process.env,
    secrets: [],
    signal,
    kill,
    reporter: {
      info: write,
      warn: write,
      output: (_stream, chunk) => void process.stdout.write(chunk),
    },
    onStart: (group) => write(`group ${group}`),
  }),
).then(
  () => write('ended well'),
  (error: unknown) => write(`ended ${(error as { code: string }).code}`),
);
