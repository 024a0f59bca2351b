import type { Tree } from '@nx/devkit';
import { executorOf, SHARED_OPTIONS } from '../../settings';
import { addTarget, type Target } from './add-target';
import type { Project } from './project-of';
import { targetNames } from './target-names';

type Options = Record<string, unknown>;

/** Whose options the others take over, the first that is declared. */
const MODELS = ['serve', 'render', 'down'] as const;

/**
 * What is declared of `deploy`, or what it takes over of another target of ours
 * as long as it is not declared itself.
 */
export function declaredDeploy(
  tree: Tree,
  { targets = {} }: Project,
): Target | undefined {
  const names = targetNames(tree);
  const own = targets[names.deploy] as Target | undefined;
  const models = MODELS.flatMap((key) => {
    const target = targets[names[key]] as Target | undefined;
    const executor = executorOf(key);
    return target && (target.executor ?? executor) === executor ? target : [];
  });
  return own ?? models.map(sharedOf)[0];
}

/**
 * Writes options of `deploy`, which the other targets take over. Once it is
 * declared it takes nothing over itself, so what it has of one of them now is
 * written, too.
 * @throws SLIPWAY_E_EXISTS for a target of that name of another executor
 */
export function changeDeploy(
  tree: Tree,
  project: Project,
  config: Pick<Target, 'options' | 'configurations'>,
): void {
  const { deploy } = targetNames(tree);
  const there = declaredDeploy(tree, project);
  if (there && !project.targets?.[deploy]) {
    addTarget(tree, project, deploy, there);
  }
  addTarget(tree, project, deploy, config);
}

/** The `source` that the project says it deploys, if it does. */
export function deploySource(tree: Tree, project: Project): unknown {
  return declaredDeploy(tree, project)?.options?.source;
}

function sharedOf(target: Target): Target {
  const { options, configurations, defaultConfiguration } = target;
  const shared: Target = {};
  if (options) shared.options = sharedOptions(options);
  if (configurations) {
    shared.configurations = Object.fromEntries(
      Object.entries(configurations).map(([key, one]) => [
        key,
        sharedOptions(one),
      ]),
    );
  }
  if (defaultConfiguration) shared.defaultConfiguration = defaultConfiguration;
  return shared;
}

function sharedOptions(options: Options): Options {
  return Object.fromEntries(
    Object.entries(options).filter(([key]) =>
      SHARED_OPTIONS.deploy.includes(key),
    ),
  );
}
