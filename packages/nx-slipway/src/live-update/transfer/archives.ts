import { createHash } from 'node:crypto';
import type { Entry } from '../types';
import {
  packetOf,
  parcelsOf,
  type Packet,
  type Parcel,
  type SmallParcel,
} from './parcels';

/** Bytes of what has been read that is kept for those who come a moment later. */
const KEPT = 4 * 1024 * 1024;
/** Milliseconds. */
const MOMENT = 2000;

/**
 * What is given to the containers of an image, read once for all that are given
 * the same at the same time. What was read and is not what was planned is kept
 * for nobody: whoever asks later is to have the file as it is then.
 */
export class Archives {
  private readonly divisions = new Map<string, Promise<Parcel[]>>();
  private readonly packets = new Map<SmallParcel, Promise<Packet>>();
  private kept = 0;
  private timer?: NodeJS.Timeout;

  /** @param root of the workspace, absolute */
  constructor(private readonly root: string) {}

  parcels(writes: readonly Entry[]): Promise<Parcel[]> {
    const key = fingerprint(writes);
    const known = this.divisions.get(key);
    if (known) return known;
    const division = parcelsOf(this.root, writes);
    this.divisions.set(key, division);
    this.forgetLater();
    return division;
  }

  /** @throws SLIPWAY_E_LIVE_UPDATE if a file cannot be read */
  packet(parcel: SmallParcel): Promise<Packet> {
    const known = this.packets.get(parcel);
    if (known) return known;
    const packet = packetOf(this.root, parcel);
    this.packets.set(parcel, packet);
    const drop = () => this.packets.delete(parcel);
    packet.then((read) => {
      const isAsPlanned = parcel.entries.every(
        ({ path, state }) => read.states.get(path) === state,
      );
      if (!isAsPlanned || this.kept + read.size > KEPT) drop();
      else this.kept += read.size;
    }, drop);
    this.forgetLater();
    return packet;
  }

  private forgetLater(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.kept = 0;
      this.divisions.clear();
      this.packets.clear();
    }, MOMENT).unref();
  }
}

function fingerprint(writes: readonly Entry[]): string {
  const hash = createHash('sha256');
  for (const { path, below, source, state } of writes) {
    hash.update(`${path}\0${below}\0${source}\0${state}\0`);
  }
  return hash.digest('hex');
}
