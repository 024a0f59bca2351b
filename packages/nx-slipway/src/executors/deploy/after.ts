import type { ExecutorContext, TargetConfiguration } from '@nx/devkit';
import { SlipwayError, nearest } from '../../report';
import { DEPLOY } from './executor-name';
import type { DeployExecutorSchema } from './schema';

/**
 * The projects of `after` are in dependsOn, where they can be (plugin/after);
 * what could not be is told here.
 * @throws SLIPWAY_E_OPTION_INVALID, SLIPWAY_E_OPTION_CONFLICT
 */
export function assertDeployOrder(
  { after = [] }: Pick<DeployExecutorSchema, 'after'>,
  context: ExecutorContext,
): void {
  const { projectName = '' } = context;
  const { projects } = context.projectsConfigurations;
  for (const name of after) {
    if (!projects[name]) throw unknownProject(name, Object.keys(projects));
    const { targets = {} } = projects[name];
    if (Object.values(targets).some(isDeploy)) continue;
    throw new SlipwayError({
      code: 'SLIPWAY_E_OPTION_INVALID',
      message: `after names the project ${name}, which has no target that deploys.`,
      hint: 'Name projects that hold manifests.',
    });
  }
  const circle = circleFrom(
    projectName,
    [...after, ...afterOf(projectName, context)],
    context,
  );
  if (!circle) return;
  throw new SlipwayError({
    code: 'SLIPWAY_E_OPTION_CONFLICT',
    message: `after goes in a circle: ${circle.join(' after ')}.`,
    hint: 'One of them must be deployed first: take the other out of its after.',
  });
}

function unknownProject(name: string, all: readonly string[]): SlipwayError {
  const near = nearest(name, all);
  return new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `after names the project ${name}, which does not exist.`,
    hint:
      near === undefined
        ? 'nx show projects lists all.'
        : `Did you mean ${near}?`,
  });
}

/** Each project is looked at once, by the way that led there first. */
function circleFrom(
  start: string,
  after: readonly string[],
  context: ExecutorContext,
): readonly string[] | undefined {
  const ways = new Map(after.map((name) => [name, [start, name]]));
  for (const [name, way] of ways) {
    if (name === start) return way;
    for (const next of afterOf(name, context)) {
      if (!ways.has(next)) ways.set(next, [...way, next]);
    }
  }
  return undefined;
}

/** In whatever configuration: the tasks of all of them depend on each other. */
function afterOf(
  project: string,
  { projectsConfigurations }: ExecutorContext,
): string[] {
  const { targets = {} } = projectsConfigurations.projects[project] ?? {};
  return Object.values(targets)
    .filter(isDeploy)
    .flatMap(({ options, configurations = {} }): unknown[] => [
      options,
      ...Object.values<unknown>(configurations),
    ])
    .flatMap(
      (options) => (Object(options) as DeployExecutorSchema).after ?? [],
    );
}

function isDeploy({ executor }: TargetConfiguration): boolean {
  return executor === DEPLOY;
}
