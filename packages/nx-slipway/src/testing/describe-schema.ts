import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { typesOf, undescribed, type Schema } from './schema';

/** What holds for the schema of every executor. */
export function describeSchema(
  executor: string,
  folder: string,
  typeName: string,
): void {
  const schema = JSON.parse(
    readFileSync(join(folder, 'schema.json'), 'utf8'),
  ) as Schema;

  describe(`the schema of ${executor}`, () => {
    it('describes every option, and every part of one', () => {
      expect(undescribed(schema)).toEqual([]);
    });

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

    it('is what schema.d.ts was made of', () => {
      const types = readFileSync(join(folder, 'schema.d.ts'), 'utf8');
      expect(typesOf(schema, typeName)).toBe(types);
    });
  });
}
