import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { hasCode } from '../../report';
import type { Run } from '../types';
import { transferError } from './advice';
import type { LinkParts } from './link';

/** What the kubelet says of a command that is not there, or is none. */
const NOT_THERE =
  /executable file not found|no such file or directory|not a directory/;
const NOT_RUN = /permission denied|exec format error|is a directory/;
const KILLED = 137;
/** Characters of a line that has no end yet. */
const LONGEST_LINE = 8 * 1024;

/**
 * Runs one step in the container, as the container's own user, in its folder.
 * @returns its exit code: 126 and 127 as a shell would say it
 * @throws SLIPWAY_E_LIVE_UPDATE if it was killed, or could not be run at all;
 *   SLIPWAY_E_CANCELLED
 */
export async function runStep(
  { place, exec, onOutput, signal }: LinkParts,
  run: Run,
): Promise<number> {
  const what = `the run \`${run.written}\` failed`;
  try {
    const stream = await exec(run.argv, { stdin: false, signal });
    const told = (['stdout', 'stderr'] as const).map((name) =>
      eachLine(stream[name], (lines) => onOutput(run, name, lines)),
    );
    const { exitCode } = await stream.ended;
    await Promise.all(told);
    if (exitCode !== KILLED) return exitCode;
    throw transferError(place, { what, words: '', exitCode });
  } catch (error) {
    if (hasCode(error, 'SLIPWAY_E_LIVE_UPDATE', 'SLIPWAY_E_CANCELLED')) {
      throw error;
    }
    const { message } = error as Error;
    const isNotThere = NOT_THERE.test(message);
    if (!isNotThere && !NOT_RUN.test(message)) {
      throw transferError(place, { what, words: message, cause: error });
    }
    onOutput(run, 'stderr', `${message}\n`);
    return isNotThere ? 127 : 126;
  }
}

/** Whole lines, as many as have come. */
async function eachLine(
  output: Readable,
  tell: (lines: string) => void,
): Promise<void> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of output) {
    rest += decoder.write(chunk as Buffer);
    const end =
      rest.length > LONGEST_LINE ? rest.length : rest.lastIndexOf('\n') + 1;
    if (end > 0) tell(rest.slice(0, end));
    rest = rest.slice(end);
  }
  rest += decoder.end();
  if (rest !== '') tell(rest);
}
