import type { TargetNames } from '../../settings';
import type { TakenTarget } from '../targets';
import type { Place } from './place';

/** What was written, and what comes next. */
export function summary(written: {
  readonly project: string;
  /** Below the workspace root. */
  readonly path: string;
  readonly image: string;
  readonly port: number;
  /** A file, an option, or `nowhere`. */
  readonly portFrom: string;
  readonly place: Place;
  /** That the project's targets have of their own. */
  readonly source: unknown;
  readonly names: TargetNames;
  /** Names that the project has for something else. */
  readonly taken: readonly TakenTarget[];
}): string[] {
  const { project, path, image, port, portFrom, place, names, source } =
    written;
  const { kustomization, others } = place;
  const notes = [
    ...(portFrom === 'nowhere'
      ? [
          `No Dockerfile says which port it listens on, so ${port} is a guess: change containerPort if it is another.`,
        ]
      : []),
    ...(kustomization === undefined
      ? []
      : [
          `The kustomization in ${kustomization || 'the project'} says what is deployed: add the file to its resources.`,
        ]),
    ...(source === undefined
      ? []
      : [
          `The project has a source of its own, ${JSON.stringify(source)}: see that it takes this file in.`,
        ]),
    ...(others.length === 0 || source !== undefined
      ? []
      : [
          `There are manifests in ${others.join(', ')}, too: choose by the option source of ${project}:${names.deploy} which are deployed.`,
        ]),
  ];
  const from = portFrom === 'nowhere' ? '' : ` (${portFrom})`;
  const isOurs = (key: keyof TargetNames) =>
    !written.taken.some((one) => one.key === key);
  const next = [
    ...(isOurs('deploy')
      ? [
          `  npx nx ${names.deploy} ${project} --dry-run    # what would be done in the cluster`,
          `  npx nx ${names.deploy} ${project}`,
        ]
      : []),
    ...(isOurs('serve')
      ? [
          `  npx nx ${names.serve} ${project} --portForwards    # and again on every save`,
        ]
      : []),
  ];
  return [
    '',
    `${path}: a Deployment and a Service of the image ${image}, at port ${port}${from}.`,
    ...notes,
    ...written.taken.map(takenNote),
    ...(next.length > 0 ? ['', 'Next:', ...next] : []),
  ];
}

function takenNote({ key, name, executor }: TakenTarget): string {
  return `It has a target ${name} already, which runs ${executor}. For one of nx-slipway, write "targetNames": { "${key}": "k8s-${name}" } into its options in nx.json.`;
}
