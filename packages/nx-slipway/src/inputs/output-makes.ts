import picomatch from 'picomatch';
import { globMatcher } from './glob-matcher';

/** All of a folder, which the path alone is, too: `dist/**`, `dist/**\/*`. */
const ALL_BELOW = /(?:^|\/)\*\*(?:\/\*)?$|\/+$/;

/**
 * Whether an output of a task holds all of what stands under a path. Nx takes
 * from a glob the files that match alone: `apps/web/*` has the folder
 * `apps/web/dist` for an output, but none of its files.
 * @param output below the workspace root, as the path
 */
export function outputMakes(
  output: string,
  path: string,
  isFolder: boolean,
): boolean {
  // What is left out again makes nothing.
  if (output.startsWith('!')) return false;
  const whole = output.replace(ALL_BELOW, '');
  if (!picomatch.scan(whole).isGlob) {
    return whole === '' || path === whole || path.startsWith(`${whole}/`);
  }
  if (whole !== output) return globMatcher([whole, output])(path);
  return !isFolder && globMatcher([output])(path);
}
