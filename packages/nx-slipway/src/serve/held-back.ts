/** An image that stands in an object. */
export interface ObjectImage {
  /** Whether there is one at all. */
  readonly isThere: boolean;
  /** Since when it is being worked on; none: it is not. */
  readonly workSince?: number;
  /** When it became what it is. */
  readonly settledAt: number;
}

export type Readiness =
  | 'go'
  /** An image of it is on its way: with it, its pods are replaced once. */
  | 'soon'
  /** An image of it was never there. */
  | 'blocked';

/**
 * Whether an object can be applied. One whose images change in one save waits
 * for all of them; not for what was saved since the first of them was done, or
 * steady saving of the one would hold up the other for ever.
 * @param readAt when its manifest was read
 * @param appliedAt when the object was applied last, by the same clock
 */
export function readinessOf(
  images: readonly ObjectImage[],
  readAt: number,
  appliedAt: number,
): Readiness {
  if (images.some(({ isThere }) => !isThere)) return 'blocked';
  const times = [readAt, ...images.map(({ settledAt }) => settledAt)];
  const news = times.filter((time) => time > appliedAt);
  if (news.length === 0) return 'go';
  const first = Math.min(...news);
  const isSoon = images.some(
    ({ workSince }) => workSince !== undefined && workSince < first,
  );
  return isSoon ? 'soon' : 'go';
}
