import type { TargetNames } from '../../settings';
import type { Project } from '../targets';

/** What was written, and what comes next. */
export function summary(written: {
  /** `web:deploy:production` */
  readonly where: string;
  readonly given: Readonly<Record<string, unknown>>;
  /** Whether the project has something to deploy. */
  readonly holds: boolean;
  readonly names: TargetNames;
  readonly project: Project;
}): string[] {
  const { where, given, holds, names, project } = written;
  const said = Object.entries(given).map(
    ([key, value]) =>
      `${key} ${typeof value === 'string' ? value || '(none)' : JSON.stringify(value)}`,
  );
  return [
    '',
    `${where}: ${said.join(', ')}. ${names.render}, ${names.serve} and ${names.down} take it over.`,
    ...(holds
      ? []
      : [
          `The project ${project.name} holds no manifests yet: nx g nx-slipway:manifest ${project.name} writes some.`,
        ]),
    '',
    'Next:',
    `  npx nx run ${where} --dry-run    # what would be done in the cluster`,
    `  npx nx run ${where}`,
  ];
}
