/** What jest asks of it, and its test. */
declare class LongestFirst {
  sort<T extends { path: string }>(tests: readonly T[]): Promise<T[]>;
  cacheResults(tests: readonly object[], results: object): void;
}
export default LongestFirst;
