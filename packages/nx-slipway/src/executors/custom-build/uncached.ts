import type { ExecutorContext } from '@nx/devkit';

/** Why Nx does not cache the target, as the project graph says (plugin/). */
export function uncachedReasons({ target }: ExecutorContext): string[] {
  const { slipway } = Object(target?.metadata) as { slipway?: unknown };
  const { uncached } = Object(slipway) as { uncached?: unknown };
  // Users may write metadata, too, and turn the cache on all the same.
  if (!Array.isArray(uncached) || target?.cache) return [];
  return (uncached as unknown[]).filter((one) => typeof one === 'string');
}
