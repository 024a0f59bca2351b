import type { DeclaredImage } from '../../executors';
import { placeOf, runsFor, syncOf, takenBy } from '../../live-update';

/** What `nx serve` does about a file that is saved. */
export type Save =
  | { readonly does: 'nothing' }
  /** `replace`: the pods of an image that nobody builds. */
  | { readonly does: 'build' | 'replace'; readonly why: string }
  /** What they make decides. */
  | { readonly does: 'tasks'; readonly tasks: readonly string[] }
  | ({ readonly does: 'run' } & Afterwards)
  | ({
      readonly does: 'sync';
      /** As the step has them. */
      readonly from: string;
      readonly to: string;
      /** Where it stands in containers. */
      readonly path: string;
    } & Afterwards);

interface Afterwards {
  /** The commands that run in containers then. */
  readonly runs: readonly string[];
  readonly restart: boolean;
}

interface Known {
  readonly isInput: boolean;
  /** The tasks that read it. */
  readonly readBy: readonly string[];
}

/** @param file relative to the workspace root, with `/` */
export function saveOf(
  file: string,
  { liveUpdate, isBuilt }: Pick<DeclaredImage, 'liveUpdate' | 'isBuilt'>,
  { isInput, readBy }: Known,
): Save {
  const tasks: Save = { does: 'tasks', tasks: readBy };
  const sync = liveUpdate && syncOf(liveUpdate, file);
  // What a target makes for a sync need not be in deps.
  if (!isInput && sync?.target === undefined) {
    return readBy.length > 0 ? tasks : { does: 'nothing' };
  }
  if (!liveUpdate) {
    return isBuilt
      ? { does: 'build', why: 'there is no liveUpdate' }
      : { does: 'nothing' };
  }
  const hasTargets = liveUpdate.syncs.some(({ target }) => target);
  const isFed = () => hasTargets && readBy.length > 0;
  const taken = takenBy(liveUpdate, file, isFed);
  if (taken.kind === 'target') return tasks;
  if (taken.kind === 'build') {
    return { does: isBuilt ? 'build' : 'replace', why: taken.rule };
  }
  const afterwards = {
    runs: runsFor(liveUpdate, new Set([file])).map(({ written }) => written),
    restart: liveUpdate.restart,
  };
  if (!sync) return { does: 'run', ...afterwards };
  const { path } = placeOf(sync, file);
  const { from, to } = sync;
  return { does: 'sync', from: from.written, to, path, ...afterwards };
}
