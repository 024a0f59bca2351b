/** What a watch needs to know of an object. */
export interface WatchedObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly resourceVersion?: string;
    readonly [key: string]: unknown;
  };
  readonly [key: string]: unknown;
}

/** `namespace/name`; of what is in none, `/name`. */
export function keyOf({
  metadata: { namespace = '', name },
}: WatchedObject): string {
  return `${namespace}/${name}`;
}
