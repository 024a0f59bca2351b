import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { typesOf, undescribed, type Schema } from '../../testing/schema';
import { recipes } from '../recipes';

interface Prompt {
  readonly items: readonly { readonly value: string; readonly label: string }[];
}

const schema = JSON.parse(
  readFileSync(join(__dirname, 'schema.json'), 'utf8'),
) as Schema;

describe('the schema of the generator custom-build', () => {
  it('describes every option', () => {
    expect(undescribed(schema)).toEqual([]);
  });

  it('is what schema.d.ts was made of', () => {
    const types = readFileSync(join(__dirname, 'schema.d.ts'), 'utf8');
    expect(typesOf(schema, 'CustomBuildGeneratorSchema')).toBe(types);
  });

  it('offers what the files are for first, and then every recipe of ours', () => {
    const { 'x-prompt': prompt } = schema.properties.builder as unknown as {
      'x-prompt': Prompt;
    };
    const names = recipes().map(({ name }) => name);
    expect(prompt.items.map(({ value }) => value)).toEqual(['auto', ...names]);
    expect(schema.properties.builder?.description).toContain(
      `The recipe: ${names.join(', ')}, or `,
    );
    expect(prompt.items.filter(({ label }) => label === '')).toEqual([]);
  });
});
