import { wholeOf } from './build-values';
import { readFile } from './read-file';
import type { FoundCall, Session } from './reading';
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
  };
  const found = readFile(file, session, []);
  if ('why' in found) {
    const place = { file, line: 1, column: 1 };
    const note = { kind: 'refused', why: found.why, place, text: '' } as const;
    return { calls: [], notes: [note], files: [] };
  }
  return {
    calls: outermost(found.calls, session),
    notes: session.notes,
    files: [...session.read.keys()],
  };
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
