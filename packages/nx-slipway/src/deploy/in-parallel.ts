/** How many requests are on their way at a time. */
const AT_A_TIME = 16;

/**
 * Does work on each item, sixteen at a time unless told otherwise. All that has begun is ended, also
 * after one has failed; then the first failure is thrown.
 * @returns results in the order of the items
 */
export async function inParallel<T, U>(
  items: Iterable<T>,
  work: (item: T) => Promise<U>,
  limit = AT_A_TIME,
): Promise<U[]> {
  const results: U[] = [];
  const rest = [...items].entries();
  const failures: unknown[] = [];
  const worker = async () => {
    for (const [at, item] of rest) {
      if (failures.length > 0) return;
      try {
        results[at] = await work(item);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}
