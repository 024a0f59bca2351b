import Ajv from 'ajv';
import type { OptionsSchema } from '../options';
import type { Json } from './parse-json';

const ajv = new Ajv({ allErrors: true, logger: false });

/** @returns what is wrong with options by a schema, each with where it stands */
export function wrongBy(
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
