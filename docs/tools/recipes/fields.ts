import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../page';
import { inText } from './text';

const SCHEMA = 'packages/nx-slipway/src/generators/recipes/recipe.schema.json';
/** Explained in a table of its own, since three fields are one. */
const CONDITION = ['files', 'without', 'text'];

interface Field {
  readonly $ref?: string;
  readonly description?: string;
  readonly items?: Field;
  readonly properties?: Readonly<Record<string, Field>>;
  readonly required?: readonly string[];
}

interface Schema extends Field {
  readonly definitions: Readonly<Record<string, Field>>;
}

/** What a recipe.json may hold, by its schema, in tables. */
export function fieldsTable(): string {
  const schema = JSON.parse(
    readFileSync(join(REPOSITORY, SCHEMA), 'utf8'),
  ) as Schema;
  const { condition = {} } = schema.definitions;
  return [
    tableOf('field', rowsOf(schema, schema, '', CONDITION)),
    'A condition stands in `detect`, in `guess` beside its `value`, and in `when`. It holds if all of it does:',
    tableOf('of a condition', rowsOf(schema, condition, '', [])),
  ].join('\n\n');
}

const tableOf = (head: string, rows: readonly string[]): string =>
  [`| ${head} | |`, '| --- | --- |', ...rows].join('\n');

/** @param left names that have no row below a list */
function rowsOf(
  schema: Schema,
  { properties = {}, required = [] }: Field,
  path: string,
  left: readonly string[],
): string[] {
  return Object.entries(properties)
    .filter(([name]) => path === '' || !left.includes(name))
    .flatMap(([name, field]) => {
      const { description = '', items } = {
        ...referred(schema, field),
        ...field,
      };
      const at = `${path}${name}`;
      const needed = required.includes(name) ? ', required' : '';
      return [
        `| \`${at}\`${needed} | ${inText(description)} |`,
        ...(items ? rowsOf(schema, items, `${at}[].`, left) : []),
      ];
    });
}

function referred(schema: Schema, { $ref = '' }: Field): Field {
  return schema.definitions[$ref.replace('#/definitions/', '')] ?? {};
}
