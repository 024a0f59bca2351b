import type { Tree } from '@nx/devkit';
import { addTarget, type Target } from './add-target';
import type { Project } from './project-of';
import { targetNames, type SetName } from './target-names';

type Options = Record<string, unknown>;

/** What `deploy` takes over of another target of ours, where it says nothing. */
const SHARED = 'source namespace registry pin images context'.split(' ');
/** Whose options the others take over, the first that is declared. */
const MODELS = ['serve', 'render', 'down'] as const;

/**
 * Writes options of `deploy`, which the other targets take over. Once it is
 * declared it takes nothing over itself, so what it has of one of them now is
 * written first.
 * @throws SLIPWAY_E_EXISTS for a target of that name of another executor
 */
export function changeDeploy(
  tree: Tree,
  project: Project,
  config: Pick<Target, 'options' | 'configurations'>,
): void {
  const names = targetNames(tree);
  const targets = (project.targets ?? {}) as Record<string, Target>;
  const model = MODELS.map((key) => ({
    key,
    target: targets[names[key]],
  })).find(
    ({ key, target }) =>
      target && (target.executor ?? executorOf(key)) === executorOf(key),
  )?.target;
  if (!targets[names.deploy] && model) {
    const { options, configurations, defaultConfiguration } = model;
    addTarget(tree, project, names.deploy, {
      ...(options && { options: shared(options) }),
      ...(configurations && {
        configurations: Object.fromEntries(
          Object.entries(configurations).map(([key, one]) => [
            key,
            shared(one),
          ]),
        ),
      }),
      ...(defaultConfiguration && { defaultConfiguration }),
    });
  }
  addTarget(tree, project, names.deploy, config);
}

/** The `source` that the project's targets say they deploy, if they do. */
export function deploySource(tree: Tree, { targets }: Project): unknown {
  const names = targetNames(tree);
  return (['deploy', ...MODELS] as const)
    .map((key) => targets?.[names[key]]?.options as Options | undefined)
    .find((options) => options?.source !== undefined)?.source;
}

function executorOf(key: SetName): string {
  return `nx-slipway:${key}`;
}

function shared(options: Options): Options {
  return Object.fromEntries(
    Object.entries(options).filter(([key]) => SHARED.includes(key)),
  );
}
