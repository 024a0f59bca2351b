import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServeEvent } from '../../events';

const DOCS = join(__dirname, '../../../../../../docs');

interface EventSchema {
  readonly description: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly required: readonly string[];
}

export interface OutputSchema {
  readonly oneOf: readonly { readonly $ref: string }[];
  readonly definitions: Readonly<Record<string, EventSchema>>;
}

export function readDocs(name: string): string {
  return readFileSync(join(DOCS, name), 'utf8');
}

export function outputSchema(): OutputSchema {
  return JSON.parse(readDocs('serve-output.schema.json')) as OutputSchema;
}

export function schemaOf(
  type: ServeEvent['type'],
  { definitions }: OutputSchema,
): EventSchema {
  const schema = definitions[type];
  if (!schema) throw new Error(`the schema has no ${type}`);
  return schema;
}

/** The table of docs/serve.md. */
export function eventTable(schema: OutputSchema): string {
  const rows = schema.oneOf.map(({ $ref }) => {
    const type = $ref.split('/').at(-1) as ServeEvent['type'];
    const { description, properties, required } = schemaOf(type, schema);
    const fields = Object.keys(properties)
      .filter((name) => !['schema', 'time', 'type'].includes(name))
      .map((name) => `\`${name}\`${required.includes(name) ? '' : '?'}`);
    return `| \`${type}\` | ${description} | ${fields.join(', ')} |\n`;
  });
  return `| type | when | fields |\n| --- | --- | --- |\n${rows.join('')}`;
}
