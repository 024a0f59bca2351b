import type { TargetConfiguration } from '@nx/devkit';
import { internalModule } from './internal-module';

type Target = Partial<TargetConfiguration<Record<string, unknown>>>;
type TargetDefaults = Readonly<Record<string, unknown>>;

const NX_READER = 'nx/src/project-graph/utils/project-configuration-utils';

/** Whose defaults are asked for. */
export interface TargetOf {
  readonly targetName: string;
  readonly executor?: string;
  /** Of the project. */
  readonly name: string;
  /** Below the workspace root. */
  readonly root: string;
  readonly tags?: string[];
}

/** Nx's own, which is not public. The later ones have filters, and ask `about`. */
type Reader = (
  targetName: string,
  defaults: TargetDefaults,
  executor?: string,
  about?: object,
) => Target | null;

/**
 * What nx.json's targetDefaults say of the target, the later winning. One key
 * counts, the first of: the executor, the target's name, the longest glob that
 * matches it. Since Nx 23 it may hold a list, of whose entries those count
 * whose `filter` matches.
 */
export function targetDefaultsOf(
  { targetName, executor, ...data }: TargetOf,
  defaults: TargetDefaults,
): Target[] {
  const read = readerOfNx();
  if (!read) return ofFirstKey(defaults, [executor, targetName]);
  const projectNode = { type: 'lib', name: data.name, data };
  const about = { projectName: data.name, projectNode };
  return [read(targetName, defaults, executor, about) ?? {}];
}

/** @returns undefined if Nx has moved it; it was there from 22.7.0 to 24.0.6 */
function readerOfNx(): Reader | undefined {
  const nx = internalModule<{ readTargetDefaultsForTarget?: Reader }>(
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- it may not be there
    () => require(NX_READER),
  );
  return nx?.readTargetDefaultsForTarget;
}

/** The same, as far as it goes without globs and filters. */
function ofFirstKey(
  defaults: TargetDefaults,
  keys: readonly (string | undefined)[],
): Target[] {
  const key = keys.find((name = '') => Object.hasOwn(defaults, name)) ?? '';
  const entries = [defaults[key] ?? []].flat() as Target[];
  return entries.filter((entry) => !('filter' in entry));
}
