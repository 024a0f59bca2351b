import { targetDefaultsOf } from '../executors';
import { asList, asObject, asObjectOf, asText } from './as-written';
import type { DeclaredTarget, Options } from './declared';
import type { NxJson } from './nx-json';
import { OUR_EXECUTORS } from './our-executors';

/** A target as it stands in one file. */
interface RawTarget {
  readonly executor?: string;
  /** Short for a target of nx:run-commands. */
  readonly command?: unknown;
  readonly options: Options;
  readonly configurations: Readonly<Record<string, Options>>;
  readonly defaultConfiguration?: string;
  readonly dependsOn?: readonly unknown[];
  readonly outputs?: readonly unknown[];
}

type Layer = Readonly<Record<string, unknown>>;

export interface TargetsOf {
  readonly root: string;
  readonly name: string;
  readonly tags?: string[];
}

/**
 * @param layers of package.json and project.json, the later winning
 * @param implied executors of targets that name none, by their own names
 */
export function declaredTargets(
  layers: readonly Layer[],
  about: TargetsOf,
  { targetDefaults }: NxJson,
  implied: ReadonlyMap<string, string>,
): Targets {
  const names = new Set(layers.flatMap((layer) => Object.keys(layer)));
  const defaultsOf = (name: string, executor: string | undefined) =>
    targetDefaults
      ? targetDefaultsOf(
          { ...about, targetName: name, executor },
          targetDefaults,
        )
          .map(rawTarget)
          .filter(fits(executor))
      : [];
  const targetOf = (name: string): DeclaredTarget => {
    const own = layers.map((layer) => rawTarget(layer[name]));
    const executor = last(own, 'executor') ?? commandsOf(own);
    // Nx asks for them by globs and filters, and nobody here needs them.
    if (executor !== undefined && !executor.startsWith(OUR_EXECUTORS)) {
      return merged(name, own, executor);
    }
    const layered = [...defaultsOf(name, executor), ...own];
    const target = merged(name, layered, executor);
    const ours = implied.get(name);
    if (target.executor !== undefined || ours === undefined) return target;
    return impliedTarget(name, [...defaultsOf(name, ours), ...own], ours);
  };
  const undeclared = [...implied].filter(
    ([name]) => targetDefaults && !names.has(name),
  );
  return {
    declared: new Map([...names].map((name) => [name, targetOf(name)])),
    undeclared: new Map(
      undeclared.map(([name, ours]) => [
        name,
        impliedTarget(name, defaultsOf(name, ours), ours),
      ]),
    ),
  };
}

function impliedTarget(
  name: string,
  layers: readonly RawTarget[],
  executor: string,
): DeclaredTarget {
  return { ...merged(name, layers, executor), isImplied: true };
}

/** Of a project; `undeclared` are what nx.json alone says of targets of ours. */
export interface Targets {
  readonly declared: ReadonlyMap<string, DeclaredTarget>;
  readonly undeclared: ReadonlyMap<string, DeclaredTarget>;
}

/** Of another executor, defaults of that name are for others. */
function fits(executor: string | undefined) {
  return (one: RawTarget) =>
    executor === undefined ||
    one.executor === undefined ||
    one.executor === executor;
}

function rawTarget(value: unknown): RawTarget {
  const target = asObject(value);
  return {
    executor: asText(target.executor),
    command: target.command,
    options: asObject(target.options),
    configurations: asObjectOf(target.configurations, asObject),
    defaultConfiguration: asText(target.defaultConfiguration),
    dependsOn: asList(target.dependsOn),
    outputs: asList(target.outputs),
  };
}

function commandsOf(layers: readonly RawTarget[]): string | undefined {
  const isCommand = layers.some(({ command }) => command !== undefined);
  return isCommand ? 'nx:run-commands' : undefined;
}

function merged(
  name: string,
  layers: readonly RawTarget[],
  executor = last(layers, 'executor') ?? commandsOf(layers),
): DeclaredTarget {
  const configurations: Record<string, Options> = {};
  for (const { configurations: own } of layers) {
    for (const [key, options] of Object.entries(own)) {
      configurations[key] = { ...configurations[key], ...options };
    }
  }
  return {
    name,
    executor,
    options: Object.assign(
      {},
      ...layers.map(({ options }) => options),
    ) as Options,
    configurations,
    defaultConfiguration: last(layers, 'defaultConfiguration'),
    dependsOn: last(layers, 'dependsOn'),
    outputs: last(layers, 'outputs'),
  };
}

function last<K extends keyof RawTarget>(
  layers: readonly RawTarget[],
  key: K,
): RawTarget[K] | undefined {
  return layers.filter((layer) => layer[key] !== undefined).at(-1)?.[key];
}
