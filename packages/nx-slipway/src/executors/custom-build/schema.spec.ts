import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { typesOf, undescribed, type Schema } from '../../testing/schema';

const schema = JSON.parse(
  readFileSync(join(__dirname, 'schema.json'), 'utf8'),
) as Schema;

describe('the schema of custom-build', () => {
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
    const refuses = new RegExp(pattern);
    expect(refuses.test('ref')).toBe(false);
    expect(refuses.test('refs')).toBe(true);
  });

  it('is what schema.d.ts was made of', () => {
    const types = readFileSync(join(__dirname, 'schema.d.ts'), 'utf8');
    expect(typesOf(schema, 'CustomBuildExecutorSchema')).toBe(types);
  });
});
