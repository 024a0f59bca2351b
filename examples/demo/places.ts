import { homedir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '@nx-slipway/sandbox';

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
  const base = join(cacheFolder(env, homedir()), 'demo');
  return {
    source: join(REPOSITORY, 'examples', 'shop'),
    base,
    shop: join(base, 'shop'),
  };
}
