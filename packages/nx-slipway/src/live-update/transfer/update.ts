import type { Batch, Place } from '../types';
import type { Archives } from './archives';
import type { Packet } from './parcels';
import { foldersDownTo, folderOf, rootless } from './places';
import { archiveSteps, fileSteps, scriptOf, type PacketSteps } from './script';
import type { Session } from './session';
import { openSource } from './source';

export interface Update {
  readonly session: Session;
  readonly archives: Archives;
  readonly root: string;
  readonly batch: Pick<Batch, 'deletes' | 'writes'>;
  /** Whether the process starts again with the last of it. */
  readonly restart: boolean;
  /** The places of what is staged, until it is known to be there no more. */
  readonly leftovers: Set<string>;
  /** How a staged thing is named. */
  readonly name: string;
  readonly states: Map<string, string | undefined>;
  /** Is called when all is written, before the process starts again. */
  readonly onSynced: () => void;
}

/**
 * Gives a container all that a batch writes and deletes. What breaks off may be
 * given again as a whole.
 * @throws ReceiverError and SlipwayError: then the session must be closed
 */
export async function giveUpdate(given: Update): Promise<void> {
  const { archives, root, session } = given;
  const update = { ...given, batch: seenFrom(session.root, given.batch) };
  const { batch } = update;
  const note = (path: string, state: string | undefined) =>
    given.states.set(path.slice(session.root.length), state);
  const parcels = await archives.parcels(batch.writes);
  let left = parcels.length;
  let isFirst = true;
  const send = async (frame?: Frame, isLast = true) => {
    await sendFrame(update, { isFirst, isLast: isLast && left <= 1 }, frame);
    isFirst = false;
  };
  if (left === 0) await send();
  for (const parcel of parcels) {
    if (parcel.kind === 'small') {
      const packet = await archives.packet(parcel);
      const frames = await framesOf(packet, update.session);
      const last = frames.pop();
      for (const frame of frames) await send(frame, false);
      await send(last);
      for (const [path, state] of packet.states) note(path, state);
    } else {
      await openSource(root, parcel.entry, async (source) => {
        await send(
          source && {
            steps: fileSteps(source, source.size),
            body: source.content,
          },
        );
        note(parcel.entry.path, source?.state());
      });
    }
    left -= 1;
  }
}

function seenFrom(root: string, { deletes, writes }: Update['batch']) {
  const seen = <T extends Place>(place: T): T => ({
    ...place,
    path: root + place.path,
    below: root + rootless(place.below),
  });
  if (root === '') return { deletes, writes };
  return { deletes: deletes.map(seen), writes: writes.map(seen) };
}

interface Frame {
  readonly steps: PacketSteps;
  readonly body?: Buffer | AsyncIterable<Buffer>;
}

async function framesOf(packet: Packet, session: Session): Promise<Frame[]> {
  const { groups } = packet;
  const files = groups.flatMap((group) => group.files);
  const links = groups.flatMap((group) => group.links);
  const isArchive =
    files.length + Math.min(links.length, 1) > 1 && !session.missing.has('tar');
  if (isArchive && files.length > 0) {
    const body = await packet.archive();
    return [{ steps: archiveSteps(packet, body.length, session.mounts), body }];
  }
  const frames: Frame[] = files.map((file) => ({
    steps: fileSteps(file, file.content.length),
    body: file.content,
  }));
  if (links.length > 0) {
    const bare = groups
      .map((group) => ({ ...group, files: [] }))
      .filter((group) => group.links.length > 0);
    const steps = archiveSteps({ ...packet, groups: bare }, 0, session.mounts);
    frames.push({ steps });
  }
  return frames;
}

async function sendFrame(
  update: Update,
  { isFirst, isLast }: { isFirst: boolean; isLast: boolean },
  frame?: Frame,
): Promise<void> {
  const { session, leftovers, name, batch, onSynced } = update;
  const restart = isLast && update.restart;
  const clean = isFirst ? [...leftovers] : [];
  const deletes = isFirst ? deletesOf(batch) : [];
  const script = scriptOf({
    bases: session.root === '' ? [] : belowsOf(batch),
    clean,
    packet: frame?.steps,
    deletes,
    bare: foldersOf(deletes, batch),
    restart,
  });
  for (const folder of frame?.steps.folders ?? []) {
    leftovers.add(`${folder}/${name}`);
  }
  await session.send(script, frame?.body);
  await session.answer();
  leftovers.clear();
  if (isLast) onSynced();
  if (restart) await session.answer();
}

function belowsOf({ deletes, writes }: Update['batch']): string[] {
  return [...new Set([...deletes, ...writes].map(({ below }) => below))];
}

/** Those that no write needs to be there, as a folder or as what it replaces. */
function deletesOf({ deletes, writes }: Update['batch']): Place[] {
  const needed = new Set(
    writes.flatMap((entry) => [
      entry.path,
      ...foldersDownTo(folderOf(entry), entry.below),
    ]),
  );
  return deletes.filter(({ path }) => !needed.has(path));
}

/** In which something is deleted, and nothing written. */
function foldersOf(
  deletes: readonly Place[],
  { writes }: Update['batch'],
): Place[] {
  const filled = new Set(
    writes.flatMap((entry) => foldersDownTo(folderOf(entry), entry.below)),
  );
  const folders = new Map<string, Place>();
  for (const place of deletes) {
    const { below } = place;
    for (const path of foldersDownTo(folderOf(place), below)) {
      if (!filled.has(path)) folders.set(path, { path, below });
    }
  }
  return [...folders.values()];
}
