import type { ExecutorContext, TargetConfiguration } from '@nx/devkit';
import { SlipwayError, nearest } from '../../report';
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
  const circle = circleFrom(projectName, after, context, [projectName]);
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

function circleFrom(
  start: string,
  after: readonly string[],
  context: ExecutorContext,
  trail: readonly string[],
): readonly string[] | undefined {
  for (const name of after) {
    if (name === start) return [...trail, name];
    if (trail.includes(name)) continue;
    const next = afterOf(name, context);
    const circle = circleFrom(start, next, context, [...trail, name]);
    if (circle) return circle;
  }
  return undefined;
}

function afterOf(
  project: string,
  { projectsConfigurations }: ExecutorContext,
): string[] {
  const { targets = {} } = projectsConfigurations.projects[project] ?? {};
  return Object.values(targets)
    .filter(isDeploy)
    .flatMap(({ options }) => {
      const { after } = Object(options) as DeployExecutorSchema;
      return after ?? [];
    });
}

function isDeploy({ executor }: TargetConfiguration): boolean {
  return executor === 'nx-slipway:deploy';
}
