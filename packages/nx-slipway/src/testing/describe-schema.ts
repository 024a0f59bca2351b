import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { typesOf, undescribed, type Schema } from './schema';

/** What holds for the schema of every executor. */
export function describeSchema(
  executor: string,
  folder: string,
  typeName: string,
): void {
  const schema = schemaIn(folder);

  describe(`the schema of ${executor}`, () => {
    describesAll(schema, folder, typeName);

    it('hands exactly the options it does not know to the executor', () => {
      const [pattern = '', ...others] = Object.keys(
        schema.patternProperties ?? {},
      );
      expect(others).toEqual([]);
      const listed = /\(\?!\((.*)\)\$\)/.exec(pattern)?.[1]?.split('|');
      expect(listed).toEqual(Object.keys(schema.properties));
      const [known = ''] = listed ?? [];
      const refuses = new RegExp(pattern);
      expect(refuses.test(known)).toBe(false);
      expect(refuses.test(`${known}s`)).toBe(true);
    });
  });
}

/** What holds for the schema of every generator. */
export function describeGeneratorSchema(
  generator: string,
  folder: string,
  typeName: string,
): void {
  const schema = schemaIn(folder);

  describe(`the schema of the generator ${generator}`, () => {
    describesAll(schema, folder, typeName);

    it('has no bounds that Nx does not look at', () => {
      // It looks at those of numbers, and of no integer (run on 23.2.1).
      expect(JSON.stringify(schema)).not.toContain('"integer"');
    });
  });
}

/** The schema.json of a folder. */
export function schemaIn(folder: string): Schema {
  return JSON.parse(
    readFileSync(join(folder, 'schema.json'), 'utf8'),
  ) as Schema;
}

function describesAll(schema: Schema, folder: string, typeName: string): void {
  it('describes every option, and every part of one', () => {
    expect(undescribed(schema)).toEqual([]);
  });

  it('is what schema.d.ts was made of', () => {
    const types = readFileSync(join(folder, 'schema.d.ts'), 'utf8');
    expect(typesOf(schema, typeName)).toBe(types);
  });
}
