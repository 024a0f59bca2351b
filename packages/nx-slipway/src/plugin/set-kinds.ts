import { CUSTOM_BUILD, type TargetNames } from '../settings';
import type { DeclaredProject, DeclaredTarget } from './declared';

/** What is done with a manifest set, each by an executor of that name. */
export const SET_KINDS = ['render', 'deploy', 'serve', 'down'] as const;
export type SetKind = (typeof SET_KINDS)[number];

export function executorOf(kind: SetKind): string {
  return `nx-slipway:${kind}`;
}

export function kindOf({ executor }: DeclaredTarget): SetKind | undefined {
  return SET_KINDS.find((kind) => executor === executorOf(kind));
}

/** Executors that targets of these names have if they name none. */
export function impliedExecutors(names: TargetNames): Map<string, string> {
  return new Map([
    [names.customBuild, CUSTOM_BUILD],
    ...SET_KINDS.map((kind) => [names[kind], executorOf(kind)] as const),
  ]);
}

/** Whether all that a project has is images and manifests. */
export function isOnlyOurs({
  targets,
  otherTargets,
}: DeclaredProject): boolean {
  const isOurs = [...targets.values()].every(
    (target) => target.executor === CUSTOM_BUILD || kindOf(target),
  );
  return isOurs && otherTargets.length === 0;
}

/** Whether a project has nothing but what a manifest set is deployed by. */
export function isPure({ targets, otherTargets }: DeclaredProject): boolean {
  const isOfSet = [...targets.values()].every((target) => kindOf(target));
  return isOfSet && otherTargets.length === 0;
}
