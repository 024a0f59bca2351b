import type { Entry, Place } from '../types';

/** The files of a container, as a file system would have them. */
export class ContainerModel {
  constructor(readonly files: Map<string, string>) {}

  /** Deletes, then writes; a folder is deleted with all that is in it. */
  apply(deletes: readonly Place[], writes: readonly Entry[]): void {
    for (const { path } of deletes) this.clear(path);
    for (const { path, state } of writes) {
      this.clear(path);
      for (const other of this.files.keys()) {
        if (path.startsWith(`${other}/`)) {
          throw new Error(`${path} cannot be written: ${other} is a file.`);
        }
      }
      this.files.set(path, state);
    }
  }

  private clear(path: string): void {
    for (const other of this.files.keys()) {
      if (other === path || other.startsWith(`${path}/`)) {
        this.files.delete(other);
      }
    }
  }
}
