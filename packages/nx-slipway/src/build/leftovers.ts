import { formatReference } from '../image';
import { SlipwayError } from '../report';
import { identityOf, pidIfRunning } from '../state';
import { endGroup } from '../tool';
import type { TaggedReference } from './plan';
import { takeAway, transientIn } from './transient-tag';
import type { BuildSystems } from './systems';

/** What a build that is killed leaves behind, for the next one to take away. */
interface Leftovers {
  /** The daemon that `tag` is in. */
  readonly docker: string;
  /** A transient ref. */
  readonly tag?: string;
  /** The leader of the command's process group. */
  readonly leader?: string;
}

type Systems = Pick<BuildSystems, 'docker' | 'reporter'>;

/**
 * @param group of the command, once it runs
 * @returns the text for the lock's note
 */
export async function leftoversNote(
  { docker }: Pick<Systems, 'docker'>,
  transient: TaggedReference | undefined,
  group?: number,
): Promise<string> {
  const leftovers: Leftovers = {
    docker: docker.address,
    tag: transient && formatReference(transient),
    leader: group === undefined ? undefined : await identityOf(group),
  };
  return JSON.stringify(leftovers);
}

/**
 * Ends and removes what the note of a killed build names. The watchdog has
 * ended its command by then or is about to; its tag could still come.
 * @param needsDocker whether this build fails without Docker anyway
 */
export async function cleanUpAfter(
  note: string | undefined,
  { docker, reporter }: Systems,
  needsDocker: boolean,
): Promise<void> {
  const { tag, leader, docker: address } = parseNote(note);
  // Its number may be another process's by now, so only that very leader.
  const group = leader === undefined ? undefined : await pidIfRunning(leader);
  if (group !== undefined) await endGroup(group);
  // What is in another daemon is for the next build that uses that one.
  if (tag === undefined || address !== docker.address) return;
  const shown = formatReference(tag);
  try {
    // As a rule the build itself was still able to.
    if (!(await docker.inspect(shown))) return;
    await takeAway(docker, tag);
    reporter.info(`took away what a killed build may have left: ${shown}`);
  } catch (error) {
    // A build that is not in Docker does not wait for one that is gone.
    if (needsDocker || !(error instanceof SlipwayError)) throw error;
    reporter.warn(`${shown} of a killed build stays: ${error.message}`);
  }
}

/** What of a note is acted on. */
type Acted = Partial<Omit<Leftovers, 'tag'>> & {
  readonly tag?: TaggedReference;
};

/** A note is untrusted: nothing but a transient tag is ever taken away. */
function parseNote(note = ''): Acted {
  let value: unknown;
  try {
    value = JSON.parse(note);
  } catch {
    // Torn: there is nothing to act on.
    return {};
  }
  if (typeof value !== 'object' || value === null) return {};
  const { docker, tag, leader } = value as Record<string, unknown>;
  return {
    docker: typeof docker === 'string' ? docker : undefined,
    tag: transientIn(tag),
    leader: typeof leader === 'string' ? leader : undefined,
  };
}
