import type { Target } from '../desired';
import { isField, ourEntry, type FieldConflict } from '../fields';
import type { LiveObject } from '../live';

/** Of the autoscaler, among others. */
const CONTROLLERS = 'kube-controller-manager';

/** What was applied of one object of a served set. */
export interface Applied {
  readonly target: Target;
  /** Of what was sent. */
  readonly text: string;
  /** As the server answered. None: a Job that has run and is gone. */
  readonly object?: LiveObject;
}

/** What a served set has applied so far, by key. */
export class Memory {
  private readonly applied = new Map<string, Applied>();

  note(target: Target, object?: LiveObject): void {
    this.applied.set(target.key, { target, text: textOf(target), object });
  }

  get(key: string): Applied | undefined {
    return this.applied.get(key);
  }

  all(): Iterable<Applied> {
    return this.applied.values();
  }

  /** Whether what is wanted now is not what was applied. */
  isChanged(target: Target): boolean {
    return this.applied.get(target.key)?.text !== textOf(target);
  }

  /** Forgets all but these. */
  keep(keys: ReadonlySet<string>): void {
    for (const key of this.applied.keys()) {
      if (!keys.has(key)) this.applied.delete(key);
    }
  }

  /** Forgets what was in a namespace that is another now. */
  forgetIn(namespaces: ReadonlySet<string>): void {
    for (const [key, { target }] of this.applied) {
      if (namespaces.has(target.namespace ?? '')) this.applied.delete(key);
    }
  }

  clear(): void {
    this.applied.clear();
  }

  /**
   * Whether it is what was applied before, and still there: what is known of it
   * holds.
   * @param object as the server answered now
   */
  isAsBefore(target: Target, object: LiveObject): boolean {
    const before = this.applied.get(target.key)?.object?.metadata;
    const { uid, generation } = object.metadata;
    return (
      before?.uid === uid &&
      before?.generation === generation &&
      !this.isChanged(target)
    );
  }

  /**
   * Whether all fields that others have are fields that we had applied: these are
   * taken back with the next change of the object. An autoscaler would only set
   * its field again, and so on with each save.
   */
  hadAll({ key }: Target, conflicts: readonly FieldConflict[]): boolean {
    const { object } = this.applied.get(key) ?? {};
    const { fieldsV1 } = (object && ourEntry(object)) ?? {};
    if (!fieldsV1) return false;
    return conflicts.every(
      ({ field, manager }) =>
        manager !== CONTROLLERS && isField(field, fieldsV1),
    );
  }
}

function textOf({ object }: Target): string {
  return JSON.stringify(object);
}
