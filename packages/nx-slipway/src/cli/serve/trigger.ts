import type { Arguments } from '../arguments';
import type { Terminal } from '../terminal';
import { askRunning, type Answered } from './ask';

/** `slipway trigger` */
export async function trigger(
  args: Arguments,
  terminal: Terminal,
): Promise<number> {
  const [image] = args.words;
  const meant = image && (await serving(image, args, terminal));
  const { done, exitCode } = await askRunning(
    args,
    terminal,
    { ask: 'trigger', image },
    meant ? (pid) => meant.includes(pid) : undefined,
  );
  const what = image ?? 'what has changed';
  for (const { pid } of done) {
    terminal.print(`nx serve, pid ${pid}, is to build ${what}\n`);
  }
  return exitCode;
}

/**
 * @returns the processes that serve the image
 * @throws SLIPWAY_E_USAGE if none does
 */
async function serving(
  image: string,
  args: Arguments,
  terminal: Terminal,
): Promise<number[]> {
  const { done } = await askRunning(args, terminal, { ask: 'status' });
  const found = done.filter((serve) => imagesOf(serve).includes(image));
  if (found.length === 0 && done.length > 0) {
    const { unknownImage } = await import('../../serve');
    throw unknownImage(image, [...new Set(done.flatMap(imagesOf))]);
  }
  return found.map(({ pid }) => pid);
}

function imagesOf({ status }: Answered): string[] {
  return status.images.map(({ name }) => name);
}
