import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { typesOf, undescribed, type Schema } from '../../testing/schema';

const schema = JSON.parse(
  readFileSync(join(__dirname, 'schema.json'), 'utf8'),
) as Schema;

describe('the schema of tiltfile', () => {
  it('describes every option', () => {
    expect(undescribed(schema)).toEqual([]);
  });

  it('is what schema.d.ts was made of', () => {
    const types = readFileSync(join(__dirname, 'schema.d.ts'), 'utf8');
    expect(typesOf(schema, 'TiltfileGeneratorSchema')).toBe(types);
  });
});
