import {
  DEFAULT_NAMES,
  parsePluginOptions,
} from '../../../packages/nx-slipway/src/settings';
import { schemaNamed, schemaOf } from '../options';
import { wrongBy } from './by-schema';
import { isObject, parsed, type Json } from './parse-json';
import { wrongPlan } from './plan';

const PLUGIN = 'nx-slipway';

/** By what its targets are called where nobody says their executor. */
const INFERRED: Readonly<Record<string, string>> = {
  [DEFAULT_NAMES.render]: 'render',
  [DEFAULT_NAMES.deploy]: 'deploy',
  [DEFAULT_NAMES.serve]: 'serve',
  [DEFAULT_NAMES.down]: 'down',
  [DEFAULT_NAMES.customBuild]: 'custom-build',
};

/**
 * What is wrong with JSON that a page shows, as what it looks like: a
 * project.json, a nx.json, a part of them without its braces.
 * @param language comments and commas at the end are for `jsonc` alone
 * @param options the schema whose options it holds, if the page says so
 */
export function wrongJson(
  text: string,
  language: string,
  options?: string,
): string[] {
  const { values = [], error, isPart } = parsed(text, language);
  if (error !== undefined) return [error];
  if (options !== undefined) {
    const schema = schemaNamed(options);
    return values.flatMap((value) => wrongBy(schema, value, options));
  }
  return values
    .filter(isObject)
    .flatMap((value) => [
      ...wrongProject(value),
      ...wrongNxJson(value),
      ...(isPlugin(value) ? wrongPlugin(value.options) : []),
      ...('executor' in value ? wrongTarget('', value) : []),
      ...(isStep(value) ? wrongPart({ liveUpdate: [value] }) : []),
      ...(isPart ? wrongPart(value) : []),
    ]);
}

function wrongProject({ targets }: Json): string[] {
  return Object.entries(isObject(targets) ? targets : {}).flatMap(
    ([name, target]) => wrongTarget(name, target),
  );
}

function wrongNxJson({ plugins, targetDefaults }: Json): string[] {
  return [
    ...(Array.isArray(plugins) ? plugins : [])
      .filter(isPlugin)
      .flatMap(({ options }) => wrongPlugin(options)),
    ...Object.entries(isObject(targetDefaults) ? targetDefaults : {}).flatMap(
      ([name, target]) => wrongTarget(name.replace(/^nx-slipway:/, ''), target),
    ),
  ];
}

/** Some targets, or some options, or all that a target holds. */
function wrongPart(part: Json): string[] {
  const names = Object.keys(part);
  if (names.every((name) => isTarget(name, part[name]))) {
    return wrongProject({ targets: part });
  }
  const executors = Object.values(INFERRED).flatMap((executor) => {
    const schema = schemaOf('executor', executor);
    return schema && names.every((name) => name in schema.properties)
      ? [wrongBy({ ...schema, required: [] }, part, executor)]
      : [];
  });
  if (executors.some((wrong) => wrong.length === 0)) return [];
  return executors.flat();
}

function isTarget(name: string, value: unknown): boolean {
  return isObject(value) && ('executor' in value || name in INFERRED);
}

function wrongTarget(name: string, target: unknown): string[] {
  if (!isObject(target)) return [];
  const { executor, options = {}, configurations = {} } = target;
  const ours =
    typeof executor === 'string'
      ? /^nx-slipway:(.*)$/.exec(executor)?.[1]
      : 'command' in target
        ? undefined
        : INFERRED[name];
  if (ours === undefined) return [];
  const schema = schemaOf('executor', ours);
  if (!schema) return [`there is no executor ${ours}`];
  const isWhole = executor !== undefined;
  const required = isWhole ? schema.required : [];
  return [
    ...wrongBy({ ...schema, required }, options, ours),
    ...(isWhole && ours === 'custom-build' ? wrongPlan(options as Json) : []),
    ...Object.values(configurations as Json).flatMap((one) =>
      wrongBy({ ...schema, required: [] }, one, ours),
    ),
  ];
}

function wrongPlugin(options: unknown): string[] {
  try {
    parsePluginOptions(options);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

/** Of a live update. */
const STEPS = [
  'fallBackOn',
  'initialSync',
  'sync',
  'run',
  'trigger',
  'restart',
];

const isStep = (value: Json): boolean =>
  Object.keys(value).length > 0 &&
  Object.keys(value).every((name) => STEPS.includes(name));

const isPlugin = (value: unknown): value is Json =>
  isObject(value) && value.plugin === PLUGIN;
