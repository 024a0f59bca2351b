import fc from 'fast-check';
import { jsonOf } from './json';

it('writes JSON that means the same', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(jsonOf(value))).toEqual(
        JSON.parse(JSON.stringify(value)),
      );
    }),
  );
});

it('has a line for what fits into one', () => {
  expect(jsonOf({ deps: ['src', { input: '^production' }], env: {} })).toBe(
    '{\n  "deps": ["src", { "input": "^production" }],\n  "env": {}\n}',
  );
  const long = 'x'.repeat(120);
  expect(jsonOf({ deps: [long, 'src'] })).toBe(
    `{\n  "deps": [\n    "${long}",\n    "src"\n  ]\n}`,
  );
});
