import { homedir } from 'node:os';
import { join } from 'node:path';

export const REPOSITORY = join(__dirname, '../..');

/** Where the demo works: outside the clone, so that a kill leaves that clean. */
export interface Places {
  /** The shop as it stands in the clone. */
  readonly source: string;
  /** Everything of the demo. */
  readonly base: string;
  /** The copy that the demo builds and changes: a git repository of its own. */
  readonly shop: string;
}

export function placesOf(env: NodeJS.ProcessEnv): Places {
  const cache = env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const base = join(cache, 'nx-slipway', 'demo');
  return {
    source: join(REPOSITORY, 'examples', 'shop'),
    base,
    shop: join(base, 'shop'),
  };
}
