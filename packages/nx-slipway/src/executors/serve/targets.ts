import { isDeepStrictEqual } from 'node:util';
import type { ExecutorContext } from '@nx/devkit';
import { SlipwayError, nearest } from '../../report';
import type { ServeExecutorSchema } from './schema';
import schema from './schema.json';

export const SERVE = 'nx-slipway:serve';

type ProjectsNow = Pick<
  ExecutorContext,
  'projectGraph' | 'projectsConfigurations' | 'nxJsonConfiguration'
>;

/** The serve target of a project, as Nx would hand it to its executor. */
export interface ServeTarget {
  readonly options: ServeExecutorSchema;
  readonly context: ExecutorContext;
}

/** Options that count as soon as they are saved. */
const READ_AGAIN: ReadonlySet<keyof ServeExecutorSchema> = new Set([
  'source',
  'registry',
  'pin',
  'images',
  'load',
  'portForwards',
]);

const DEFAULTS: Readonly<Record<string, unknown>> = Object.fromEntries(
  Object.entries(schema.properties).flatMap(([name, property]) =>
    'default' in property ? [[name, property.default]] : [],
  ),
);

/**
 * The projects of one serve, by options that may be read again while it runs:
 * what came from the command line stays.
 */
export class ServeTargets {
  private context: ExecutorContext;
  /** Of the command line: what the target itself does not say. */
  private readonly typed: Partial<ServeExecutorSchema>;

  constructor(options: ServeExecutorSchema, context: ExecutorContext) {
    this.context = context;
    // Nx fills in the defaults of the schema.
    const known: Readonly<Record<string, unknown>> = {
      ...DEFAULTS,
      ...writtenIn(context),
    };
    this.typed = Object.fromEntries(
      Object.entries(options).filter(
        ([name, value]) => !isDeepStrictEqual(known[name], value),
      ),
    );
  }

  /** As things are now. */
  get now(): ExecutorContext {
    return this.context;
  }

  /**
   * @returns what is said otherwise than before and counts from the next start
   *   of serve only: `logs of shop`
   * @throws as `of`, and all stays as it was
   */
  reloaded({
    projectGraph,
    projectsConfigurations,
    nxJsonConfiguration,
  }: ProjectsNow): string[] {
    const before = this.names().map((name) => [name, this.of(name)] as const);
    const { context } = this;
    this.context = {
      ...context,
      ...{ projectGraph, projectsConfigurations, nxJsonConfiguration },
    };
    try {
      return before.flatMap(([name, { options }]) =>
        otherwise(options, this.of(name).options).map(
          (option) => `${option} of ${name}`,
        ),
      );
    } catch (error) {
      this.context = context;
      throw error;
    }
  }

  /** The project that was asked to be served, and those of `projects`, each once. */
  names(): string[] {
    const { projectName = '' } = this.context;
    const { projects = [] } = this.of(projectName).options;
    return [...new Set([projectName, ...projects])];
  }

  /** @throws SLIPWAY_E_OPTION_INVALID for a project that cannot be served */
  of(name: string): ServeTarget {
    const {
      projectName,
      projectsConfigurations,
      targetName = '',
    } = this.context;
    const project = projectsConfigurations.projects[name];
    const targets = project?.targets ?? {};
    const found =
      targets[targetName]?.executor === SERVE
        ? targetName
        : Object.keys(targets).find((key) => targets[key]?.executor === SERVE);
    const target = found === undefined ? undefined : targets[found];
    if (!project || !target) {
      throw notServed(
        name,
        Object.keys(projectsConfigurations.projects),
        !!project,
      );
    }
    const asked = this.context.configurationName ?? '';
    const configurationName = target.configurations?.[asked]
      ? asked
      : target.defaultConfiguration;
    const context: ExecutorContext = {
      ...this.context,
      projectName: name,
      targetName: found,
      target,
      configurationName,
    };
    const own = name === projectName ? this.typed : shared(this.typed);
    return { context, options: { ...writtenIn(context), ...own } };
  }
}

/** Options that are read once, unlike {@link READ_AGAIN}. */
function otherwise(
  one: ServeExecutorSchema,
  other: ServeExecutorSchema,
): string[] {
  const names = Object.keys(schema.properties) as (keyof ServeExecutorSchema)[];
  return names.filter(
    (name) =>
      !READ_AGAIN.has(name) && !isDeepStrictEqual(one[name], other[name]),
  );
}

/** The options that the target itself says. */
function writtenIn({
  target,
  configurationName = '',
}: ExecutorContext): ServeExecutorSchema {
  return {
    ...(target?.options as ServeExecutorSchema | undefined),
    ...(target?.configurations?.[configurationName] as
      ServeExecutorSchema | undefined),
  };
}

/** What is typed for one project, and means where all of them go. */
function shared({
  context,
  namespace,
  registry,
  takeover,
}: Partial<ServeExecutorSchema>): Partial<ServeExecutorSchema> {
  const given = { context, namespace, registry, takeover };
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  );
}

function notServed(
  name: string,
  all: readonly string[],
  isThere: boolean,
): SlipwayError {
  const near = nearest(name, all);
  return new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: isThere
      ? `projects names ${name}, which has no target that serves.`
      : `projects names ${name}, which does not exist.`,
    hint: isThere
      ? 'Name projects that hold manifests.'
      : near === undefined
        ? 'nx show projects lists all.'
        : `Did you mean ${near}?`,
  });
}
