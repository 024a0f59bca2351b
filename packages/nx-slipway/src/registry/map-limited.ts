/**
 * As Promise.all over a map, with at most `limit` at a time; after a failure
 * nothing more is begun.
 */
export async function mapLimited<T, U>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<U>,
): Promise<U[]> {
  const results = new Array<U>(items.length);
  const rest = items.entries();
  let hasFailed = false;
  const worker = async () => {
    for (const [at, item] of rest) {
      if (hasFailed) return;
      try {
        results[at] = await work(item);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
