import { execFileSync } from 'node:child_process';

/** A schema.json of ours, as far as tests look into it. */
export interface Schema {
  description?: string;
  properties: Record<string, Schema>;
  patternProperties?: Record<string, unknown>;
}

/** In a process of its own: both import ES modules, which jest cannot. */
const GENERATE = `
  const { compile } = require('json-schema-to-typescript');
  const { format } = require('prettier');
  const [schema, name] = JSON.parse(require('fs').readFileSync(0, 'utf8'));
  compile(schema, name, {
    bannerComment: '/** Generated from schema.json; a test keeps the two equal. */',
    style: { singleQuote: true },
  })
    .then((types) => format(types, { parser: 'typescript', singleQuote: true }))
    .then((text) => process.stdout.write(text));
`;

/** The text of the schema.d.ts that belongs to a schema.json. */
export function typesOf(schema: Schema, name: string): string {
  const left = ['patternProperties', '$id', '$schema'];
  const kept = Object.entries(schema).filter(([key]) => !left.includes(key));
  const given = { ...Object.fromEntries(kept), title: name };
  return execFileSync(process.execPath, ['-e', GENERATE], {
    cwd: __dirname,
    input: JSON.stringify([given, name]),
    encoding: 'utf8',
  });
}

/** Where, of all properties however deep, a description is missing. */
export function undescribed(schema: unknown, path = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]: [string, unknown]) => {
    if (key === 'examples' || key === 'default') return [];
    const inner = undescribed(value, `${path}/${key}`);
    if (key !== 'properties') return inner;
    const bare = Object.entries(value as Record<string, Schema>)
      .filter(([, property]) => !property.description)
      .map(([name]) => `${path}/${name}`);
    return [...bare, ...inner];
  });
}
