import type {
  ExecutorContext,
  ProjectGraphProjectNode,
  TargetConfiguration,
} from '@nx/devkit';

type Target = Partial<TargetConfiguration<Record<string, unknown>>>;
type TargetDefaults = Readonly<Record<string, Target | readonly Target[]>>;

const NX_READER = 'nx/src/project-graph/utils/project-configuration-utils';

/** Nx's own, which is not public. The later ones have filters, and ask `about`. */
type Reader = (
  targetName: string,
  defaults: TargetDefaults,
  executor?: string,
  about?: { projectName: string; projectNode: ProjectGraphProjectNode },
) => Target | null;

/**
 * What nx.json's targetDefaults say of the target, the later winning. One key
 * counts, the first of: the executor, the target's name, the longest glob that
 * matches it. Since Nx 23 it may hold a list, of whose entries those count
 * whose `filter` matches.
 */
export function targetDefaultsOf(context: ExecutorContext): Target[] {
  const { projectName = '', targetName = '', target } = context;
  const data = context.projectsConfigurations.projects[projectName];
  const defaults = context.nxJsonConfiguration.targetDefaults as
    TargetDefaults | undefined;
  if (!defaults || !data) return [];
  const read = readerOfNx();
  if (!read) return ofFirstKey(defaults, [target?.executor, targetName]);
  const projectNode = { type: 'lib' as const, name: projectName, data };
  const about = { projectName, projectNode };
  return [read(targetName, defaults, target?.executor, about) ?? {}];
}

/** @returns undefined if Nx has moved it; it was there from 22.7.0 to 24.0.6 */
function readerOfNx(): Reader | undefined {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- it may not be there
    const nx = require(NX_READER) as { readTargetDefaultsForTarget?: Reader };
    return nx.readTargetDefaultsForTarget;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const isMoved = /^(?:MODULE_NOT_FOUND|ERR_PACKAGE_PATH_NOT_EXPORTED)$/;
    if (isMoved.test(code)) return undefined;
    throw error;
  }
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
