import type {
  ExecutorContext,
  NxJsonConfiguration,
  ProjectConfiguration,
} from '@nx/devkit';

export interface ContextParts {
  readonly root: string;
  readonly project?: string;
  readonly target?: string;
  readonly configuration?: string;
  readonly projects: Readonly<Record<string, ProjectConfiguration>>;
  /** Which projects each project depends on. */
  readonly edges?: Readonly<Record<string, readonly string[]>>;
  readonly nxJson?: NxJsonConfiguration;
}

/** What Nx hands to an executor, as far as ours read it. */
export function executorContext(parts: ContextParts): ExecutorContext {
  const { root, project = 'app', target: targetName = 'custom-build' } = parts;
  const edges = Object.entries(parts.edges ?? {}).map(([source, targets]) => [
    source,
    targets.map((target) => ({ source, target, type: 'static' })),
  ]);
  return {
    root,
    cwd: root,
    isVerbose: false,
    projectName: project,
    targetName,
    configurationName: parts.configuration,
    target: parts.projects[project]?.targets?.[targetName],
    projectsConfigurations: { version: 2, projects: { ...parts.projects } },
    nxJsonConfiguration: parts.nxJson ?? {},
    projectGraph: {
      nodes: {},
      dependencies: Object.fromEntries(edges) as Record<string, []>,
    },
  };
}
