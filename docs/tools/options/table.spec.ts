import { optionsTable, type OptionSchema } from './table';

const row = (option: OptionSchema, required: string[] = []) =>
  optionsTable({ properties: { a: option }, required }).split('\n')[2];

it.each<[OptionSchema, string]>([
  [{ type: 'string' }, '| `a` | string |  |  |'],
  [{ type: 'boolean', default: false }, '| `a` | boolean | `false` |  |'],
  [{ type: 'string', default: 'x' }, '| `a` | string | `x` |  |'],
  [{ type: 'array', default: [] }, '| `a` | list | `[]` |  |'],
  [
    { type: 'string', enum: ['auto', 'never'] },
    '| `a` | `auto`, `never` |  |  |',
  ],
  [
    {
      oneOf: [
        { type: 'string' },
        { type: 'array' },
        { type: 'object', properties: { b: {}, c: {} } },
        { type: 'string' },
      ],
    },
    '| `a` | string or list or `{ b, c }` |  |  |',
  ],
])('tells the type and the default of %j', (option, cells) => {
  expect(row(option)).toBe(cells);
});

it('tells a default that the description alone tells, and what is required', () => {
  const description = 'The context. Default: the current one. Never asked.';
  const option = { type: 'string', description };
  expect(row(option)).toBe(
    '| `a` | string | the current one | The context. Never asked. |',
  );
  expect(row(option, ['a'])).toBe(
    '| `a` | string | required | The context. Never asked. |',
  );
});

it('keeps whole sentences, as many as there is room for', () => {
  const long = `Globs such as a.b. X${'x'.repeat(300)}. And more.`;
  expect(row({ type: 'string', description: long })).toBe(
    '| `a` | string |  | Globs such as a.b. |',
  );
});

it('leaves nothing in a cell that Markdown would take for its own', () => {
  const description = 'Files (src/**/*.ts) | `a|b` <c>';
  expect(row({ type: 'string', description })).toBe(
    '| `a` | string |  | Files (src/\\*\\*/\\*.ts) \\| `a\\|b` \\<c> |',
  );
});

it('writes variables and what Nx replaces as code', () => {
  const description = 'Run with $A_REF, in {workspaceRoot}/a.b.';
  expect(row({ description })).toContain(
    'Run with `$A_REF`, in `{workspaceRoot}/a.b`.',
  );
});

it('has some of the options alone, and knows those that are not there', () => {
  const schema = { properties: { a: {}, b: {}, c: {} } };
  const names = (choice: object) =>
    [...optionsTable(schema, choice).matchAll(/^\| `(.)`/gm)].map(
      ([, name]) => name,
    );
  expect(names({ only: ['c', 'a'] })).toEqual(['a', 'c']);
  expect(names({ without: ['b'] })).toEqual(['a', 'c']);
  expect(() => optionsTable(schema, { only: ['d'] })).toThrow(/option d/);
});
