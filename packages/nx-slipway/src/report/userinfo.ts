import { MASK } from './mask';

/**
 * `user:pass@` or `token@` of a URL, up to the last `@` before the path, since
 * people do not escape passwords; the scheme and the host stay readable. It
 * begins at the `://`, since a search for a scheme is quadratic in long words.
 */
const USERINFO = /(?<=:\/\/)[^\s/"<>\\]*@/g;
/** A text that ends within what may become such a URL. */
const OPEN_USERINFO = /:\/{0,2}[^\s/"<>\\]*$/;
/** Longer ones are not looked for in a text that comes in parts. */
const MAX_USERINFO = 1024;

/** Masks the userinfo of every URL in a whole text. */
export function maskUserinfo(text: string): string {
  return text.replace(USERINFO, `${MASK}@`);
}

/** The index from which on a text may be a URL that goes on in the next part. */
export function openUrlAt(text: string): number {
  // Not searched, since a line of nothing but colons takes long.
  if (text.endsWith('\n') || text.endsWith('\r')) return text.length;
  const near = Math.max(text.length - MAX_USERINFO, 0);
  const url = OPEN_USERINFO.exec(text.slice(near));
  return url ? near + url.index : text.length;
}
