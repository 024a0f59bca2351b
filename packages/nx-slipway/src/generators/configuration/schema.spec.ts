import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { typesOf, undescribed, type Schema } from '../../testing/schema';

const schema = JSON.parse(
  readFileSync(join(__dirname, 'schema.json'), 'utf8'),
) as Schema;

describe('the schema of configuration', () => {
  it('describes every option', () => {
    expect(undescribed(schema)).toEqual([]);
  });

  it('is what schema.d.ts was made of', () => {
    const types = readFileSync(join(__dirname, 'schema.d.ts'), 'utf8');
    expect(typesOf(schema, 'ConfigurationGeneratorSchema')).toBe(types);
  });

  it('has no bounds that Nx does not look at', () => {
    // It looks at those of numbers, and of no integer (run on 23.2.1).
    expect(JSON.stringify(schema)).not.toContain('"integer"');
  });
});
