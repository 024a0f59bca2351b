import type { Notes } from '../notes';

/** Of one pod after the other: by container, where it was touched. */
type Pods = Map<string, Map<string, Set<string>>>;

/** Notes whose disk is in memory, and outlives them. */
export class MemoryDisk {
  private pods: Pods = new Map();
  private era = 0;

  /** @param pause a moment before something is on the disk */
  open(pause: () => Promise<void>): Notes {
    // What was in the memory of one that was killed is lost.
    const pods = copyOf(this.pods);
    const era = (this.era += 1);
    let saving = Promise.resolve();
    const save = () => {
      saving = saving.then(async () => {
        const now = copyOf(pods);
        await pause();
        if (era !== this.era) return;
        for (const [uid, containers] of now) this.pods.set(uid, containers);
      });
      return saving;
    };
    const podOf = (uid: string) => {
      const pod = pods.get(uid) ?? new Map<string, Set<string>>();
      pods.set(uid, pod);
      return pod;
    };
    return {
      read: () => Promise.resolve(undefined),
      write: () => Promise.resolve(),
      knows: (uid) => pods.has(uid),
      know(uid) {
        podOf(uid);
        void save();
      },
      touchedIn: (uid, container) =>
        pods.get(uid)?.get(container) ?? new Set<string>(),
      async touch(uid, container, places) {
        const pod = podOf(uid);
        const touched = pod.get(container) ?? new Set();
        pod.set(container, touched);
        const isNews = places.some((place) => !touched.has(place));
        for (const place of places) touched.add(place);
        if (isNews) await save();
      },
      forget: (uid) => void pods.delete(uid),
      settled: () => Promise.resolve(),
    };
  }
}

function copyOf(pods: Pods): Pods {
  return new Map(
    [...pods].map(([uid, containers]) => [
      uid,
      new Map([...containers].map(([name, set]) => [name, new Set(set)])),
    ]),
  );
}
