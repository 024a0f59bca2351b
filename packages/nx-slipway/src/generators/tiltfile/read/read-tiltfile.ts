import { wholeOf } from './build-values';
import { readFile } from './read-file';
import type { Found, FoundCall, Session } from './reading';
import { folderOf } from './source-text';
import type { Call, TiltFiles, TiltfileText, Value } from './types';

/**
 * What a Tiltfile calls, and with what, as far as its text alone tells:
 * nothing is run. Never throws: what is not read is a note.
 *
 * @param file its path from the workspace root
 */
export function readTiltfile(file: string, files: TiltFiles): TiltfileText {
  const session: Session = {
    files,
    mainFile: file,
    mainDir: folderOf(file),
    notes: [],
    read: new Map(),
    origins: new WeakMap(),
    told: new Set(),
    later: [],
    making: new Set(),
    rounds: { left: 2000 },
  };
  const found = readFile(file, session, []);
  if ('why' in found) {
    const place = { file, line: 1, column: 1 };
    const note = { kind: 'refused', why: found.why, place, text: '' } as const;
    return { calls: [], notes: [note], files: [] };
  }
  const { later } = session;
  for (let next = later.shift(); next; next = later.shift()) next();
  return {
    calls: outermost(inOrder(found.found), session),
    notes: session.notes,
    files: [...session.read.keys()],
  };
}

/** As the files have them, and those that are included where they are. */
function inOrder(found: readonly Found[]): FoundCall[] {
  return [...found]
    .sort((a, b) => a.from - b.from)
    .flatMap(({ what }) => ('call' in what ? [what] : inOrder(what)));
}

/** Without calls that a name has brought into another call. */
function outermost(found: readonly FoundCall[], session: Session): Call[] {
  const taken = new Set<string>();
  const seen = new Set<object>();
  for (const { call, origin } of found) {
    const rest: Value[] = [...call.args, ...call.named.values()];
    for (let value = rest.pop(); value; value = rest.pop()) {
      const whole = wholeOf(value);
      if (!whole || seen.has(whole)) continue;
      seen.add(whole);
      const from = session.origins.get(whole);
      if (from !== undefined && from !== origin) taken.add(from);
      for (const part of partsOf(value)) rest.push(part);
    }
  }
  return found
    .filter(({ origin }) => !taken.has(origin))
    .map(({ call }) => call);
}

function partsOf(value: Value): readonly Value[] {
  if (value.kind === 'list') return value.items;
  if (value.kind === 'dict') {
    return value.entries.flatMap((entry) => [entry.key, entry.value]);
  }
  if (value.kind !== 'call') return [];
  return [...value.args, ...value.named.values()];
}
