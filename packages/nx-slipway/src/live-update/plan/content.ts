import { ignoreRules } from '../../inputs';
import type { Content, Entry, LiveUpdate, Sync } from '../types';
import { placeOf, syncOf } from './mapping';

/** The state of what is not there, as inputs/ has it. */
export const NOTHING = 'missing ';

/**
 * What containers are to hold. Where two files would stand at one place, or one
 * where the other needs a folder, that of the earlier sync stands, then the
 * first by path: nothing in it contradicts itself.
 * @param files as FileStates of inputs/; what is missing is left out
 */
export function contentOf(
  liveUpdate: LiveUpdate,
  files: ReadonlyMap<string, string>,
): Content {
  const content = new Map<string, Entry>();
  const folders = new Set<string>();
  for (const entry of entriesOf(liveUpdate, files)) {
    const { path } = entry;
    if (content.has(path) || folders.has(path)) continue;
    const above = foldersAbove(path, folders);
    if (above.some((folder) => content.has(folder))) continue;
    for (const folder of above) folders.add(folder);
    content.set(path, entry);
  }
  return content;
}

/** In the order in which they win. */
function entriesOf(
  liveUpdate: LiveUpdate,
  files: ReadonlyMap<string, string>,
): Entry[] {
  const bySync = new Map<Sync, Entry[]>(
    liveUpdate.syncs.map((sync) => [sync, []]),
  );
  for (const [source, state] of files) {
    const sync = state === NOTHING ? undefined : syncOf(liveUpdate, source);
    if (!sync) continue;
    const { path, below } = placeOf(sync, source);
    bySync.get(sync)?.push({ path, below, source, state });
  }
  const byPath = (a: Entry, b: Entry) => (a.source < b.source ? -1 : 1);
  return [...bySync.values()].flatMap((entries) => entries.sort(byPath));
}

/** @param known of which all that lie above are in it, too */
function foldersAbove(path: string, known: ReadonlySet<string>): string[] {
  const above: string[] = [];
  let end = path.lastIndexOf('/');
  while (end > 0) {
    const folder = path.slice(0, end);
    if (known.has(folder)) break;
    above.push(folder);
    end = path.lastIndexOf('/', end - 1);
  }
  return above;
}

const ignored = new WeakMap<object, (path: string) => boolean>();

/** Whether a new container is given it, whatever its image holds. */
export function isInitial(
  liveUpdate: LiveUpdate,
  { source }: Pick<Entry, 'source'>,
): boolean {
  const { initialSync } = liveUpdate;
  const from = syncOf(liveUpdate, source)?.from.path;
  if (!initialSync || from === undefined) return false;
  const isIgnored = ignored.get(initialSync) ?? ignorer(initialSync);
  ignored.set(initialSync, isIgnored);
  // A file that is named outright is relative to nothing.
  if (source === from) return true;
  return !isIgnored(from === '' ? source : source.slice(from.length + 1));
}

function ignorer({ ignore }: { readonly ignore: readonly string[] }) {
  const rules = ignoreRules(ignore, 'initialSync.ignore');
  return (path: string) => rules.ignores(path);
}
