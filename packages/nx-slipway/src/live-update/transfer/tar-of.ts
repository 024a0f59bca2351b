import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';

export interface Packed {
  readonly name: string;
  /** Octal. */
  readonly mode: string;
  readonly content: Buffer;
}

/**
 * An archive of files, with names in pax records where they are long or not
 * ASCII: tars of GNU, of busybox, of BSD and of toybox read those.
 */
export function tarOf(files: readonly Packed[]): Promise<Buffer> {
  const archive = pack();
  for (const { name, mode, content } of files) {
    const type = 'file';
    archive.entry({ name, mode: Number.parseInt(mode, 8), type }, content);
  }
  archive.finalize();
  return buffer(archive);
}
