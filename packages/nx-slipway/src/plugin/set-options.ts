import { posix } from 'node:path';
import { isObject } from '../locate';
import { SHARED_OPTIONS, type SetKind } from '../settings';
import type { DeclaredProject, DeclaredTarget, Options } from './declared';
import { optionPath } from './option-path';
import { kindOf } from './set-kinds';

/** The target that says what is deployed: `deploy`, if the project has one. */
export function modelOf(
  declared: readonly DeclaredTarget[],
  undeclared: ReadonlyMap<string, DeclaredTarget>,
): DeclaredTarget | undefined {
  const kinds: readonly SetKind[] = ['deploy', 'serve', 'render', 'down'];
  const [model] = [declared, [...undeclared.values()]].flatMap((targets) =>
    kinds.flatMap((kind) =>
      targets.filter((target) => kindOf(target) === kind),
    ),
  );
  return model;
}

/** What a target takes over of the one that says what is deployed. */
export function inherited(
  kind: SetKind,
  name: string,
  there: DeclaredTarget | undefined,
  model: DeclaredTarget | undefined,
  project: DeclaredProject,
): DeclaredTarget {
  if (!model || model.name === name)
    return { name, options: {}, configurations: {} };
  const shared = (options: Options) => sharedOptions(kind, options, project);
  const configurations = Object.fromEntries(
    Object.entries(model.configurations).map(([key, options]) => [
      key,
      shared(options),
    ]),
  );
  const { defaultConfiguration } = model;
  return {
    name,
    options: shared(model.options),
    configurations,
    defaultConfiguration,
  };
}

function sharedOptions(
  kind: SetKind,
  options: Options,
  project: DeclaredProject,
): Options {
  return Object.fromEntries(
    SHARED_OPTIONS[kind]
      .filter((key) => options[key] !== undefined)
      .map((key) => [
        key,
        key === 'source' ? fromProject(options[key], project) : options[key],
      ]),
  );
}

/**
 * Nx takes `{workspaceRoot}/` away from options, and the executor looks for it
 * where the user wrote it: of what is taken over, there is no such place.
 */
function fromProject(value: unknown, project: DeclaredProject): unknown {
  if (typeof value === 'string') {
    if (!value.startsWith('{workspaceRoot}')) return value;
    const path = optionPath(value, project) ?? '';
    return posix.relative(project.root, path) || '.';
  }
  if (Array.isArray(value)) {
    return value.map((one: unknown) => fromProject(one, project));
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, fromProject(one, project)]),
  );
}

/** A target with the options of another over its own. */
export function overlaid(
  first: DeclaredTarget,
  then: DeclaredTarget | undefined,
): DeclaredTarget {
  return {
    ...first,
    options: { ...first.options, ...then?.options },
    configurations: joined(first.configurations, then?.configurations),
  };
}

function joined(
  first: DeclaredTarget['configurations'],
  then: DeclaredTarget['configurations'] = {},
): DeclaredTarget['configurations'] {
  const keys = new Set([...Object.keys(first), ...Object.keys(then)]);
  return Object.fromEntries(
    [...keys].map((key) => [key, { ...first[key], ...then[key] }]),
  );
}
