import type { Terminal } from './terminal';

const COMMAND = ['dump', 'image-deploy-ref'];

/**
 * `tilt`, as far as a build script written for Tilt needs it: the ref without
 * an end of line, and with its tag alone, as Tilt prints it.
 * @param args of `tilt`
 */
export async function tilt(
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const [ref, ...more] = args.slice(COMMAND.length);
  const isKnown =
    COMMAND.every((word, index) => args[index] === word) &&
    ref !== undefined &&
    !ref.startsWith('-') &&
    more.length === 0;
  if (!isKnown) {
    terminal.warn(
      "tilt: this is nx-slipway's stand-in for Tilt in build commands; all it knows is: tilt dump image-deploy-ref REF",
    );
    return 1;
  }
  const { dumpImageDeployRef } = await import('./image-deploy-ref/command');
  terminal.answer(await dumpImageDeployRef(ref, terminal));
  return 0;
}
