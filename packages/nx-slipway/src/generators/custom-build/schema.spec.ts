import {
  describeGeneratorSchema,
  schemaIn,
} from '../../testing/describe-schema';
import { recipes } from '../recipes';

interface Prompt {
  readonly items: readonly { readonly value: string; readonly label: string }[];
}

describeGeneratorSchema(
  'custom-build',
  __dirname,
  'CustomBuildGeneratorSchema',
);

it('offers what the files are for first, and then every recipe of ours', () => {
  const builder = schemaIn(__dirname).properties.builder;
  const { 'x-prompt': prompt } = builder as unknown as { 'x-prompt': Prompt };
  const names = recipes().map(({ name }) => name);
  expect(prompt.items.map(({ value }) => value)).toEqual(['auto', ...names]);
  expect(builder?.description).toContain(
    `The recipe: ${names.join(', ')}, or `,
  );
  expect(prompt.items.filter(({ label }) => label === '')).toEqual([]);
});
