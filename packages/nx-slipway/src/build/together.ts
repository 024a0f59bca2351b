/**
 * Waits for two things that were begun at once, and for both even if one
 * fails: nothing goes on behind an error, after the lock is given back.
 * @throws the first one's error, else the second one's
 */
export async function together<A, B>(
  first: Promise<A>,
  second: Promise<B>,
): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}
