import { formatReference } from '../image';
import { endGroup } from './command';
import type { TaggedReference } from './plan';
import type { BuildSystems } from './systems';

/** What a build that is killed leaves behind, for the next one to take away. */
interface Leftovers {
  /** The daemon that `tag` is in. */
  readonly docker: string;
  /** A transient ref. */
  readonly tag?: string;
  /** The command's process group. */
  readonly group?: number;
}

/** @returns the text for the lock's note */
export function leftoversNote(
  { docker }: BuildSystems,
  transient: TaggedReference | undefined,
  group?: number,
): string {
  const leftovers: Leftovers = {
    docker: docker.address,
    tag: transient && formatReference(transient),
    group,
  };
  return JSON.stringify(leftovers);
}

/**
 * Ends and removes what the note of a killed build names. The watchdog has
 * ended its command by then or is about to; its tag could still come.
 */
export async function cleanUpAfter(
  note: string | undefined,
  { docker, reporter }: BuildSystems,
): Promise<void> {
  const left = parseNote(note);
  if (!left) return;
  if (left.group !== undefined) await endGroup(left.group);
  // Another daemon than ours: its tag is of its own next build.
  if (left.tag === undefined || left.docker !== docker.address) return;
  await docker.untag(left.tag);
  reporter.info(`took away what a killed build left: ${left.tag}`);
}

/** A note is untrusted: only a transient tag and a real group are acted on. */
function parseNote(note: string | undefined): Leftovers | undefined {
  if (note === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(note);
  } catch {
    // Torn: there is nothing to act on.
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { docker, tag, group } = value as Record<string, unknown>;
  return {
    docker: String(docker),
    tag:
      typeof tag === 'string' && /-build-[0-9a-f]{16}$/.test(tag)
        ? tag
        : undefined,
    group:
      Number.isSafeInteger(group) && (group as number) > 1
        ? (group as number)
        : undefined,
  };
}
