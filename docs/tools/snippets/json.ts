import Ajv from 'ajv';
import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser';
import {
  DEFAULT_NAMES,
  parsePluginOptions,
} from '../../../packages/nx-slipway/src/settings';
import { schemaNamed, schemaOf, type OptionsSchema } from '../options';
import { wrongPlan } from './plan';

type Json = Readonly<Record<string, unknown>>;

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

interface Parsed {
  readonly values?: readonly unknown[];
  readonly error?: string;
  /** It has no braces of its own. */
  readonly isPart?: boolean;
}

/** One value, or a part of an object, or several values one after the other. */
function parsed(text: string, language: string): Parsed {
  const isStrict = language === 'json';
  const whole = parseAs(text, isStrict);
  if (!whole.error) return { values: [whole.value] };
  const part = parseAs(`{${text}\n}`, isStrict);
  if (!part.error) return { values: [part.value], isPart: true };
  const series = parseAs(`[${text}\n]`, isStrict, ['CommaExpected']);
  if (!series.error) return { values: series.value as unknown[] };
  const { error, offset } = whole.error;
  const line = text.slice(0, offset).split('\n').length;
  return { error: `line ${line}: ${printParseErrorCode(error)}` };
}

function parseAs(
  text: string,
  isStrict: boolean,
  forgiven: readonly string[] = [],
) {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, {
    allowTrailingComma: !isStrict,
    disallowComments: isStrict,
  });
  return {
    value,
    error: errors.find(
      ({ error }) => !forgiven.includes(printParseErrorCode(error)),
    ),
  };
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

const ajv = new Ajv({ allErrors: true, logger: false });

function wrongBy(
  schema: OptionsSchema,
  value: unknown,
  name: string,
): string[] {
  // Of another draft than the one that ajv has; and each is used many times.
  const { $schema, $id, ...plain } = schema as OptionsSchema & Json;
  const { required, ...rest } = plain as Json & { required?: string[] };
  const isRequired = required && required.length > 0;
  if (ajv.validate(isRequired ? plain : rest, value)) return [];
  return (ajv.errors ?? []).map(({ keyword, dataPath, message, params }) =>
    // What patternProperties refuses, which are no options.
    keyword === 'not'
      ? `${name}${dataPath} is no option`
      : `${name}${dataPath} ${message} ${JSON.stringify(params)}`,
  );
}

function wrongPlugin(options: unknown): string[] {
  try {
    parsePluginOptions(options);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

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
