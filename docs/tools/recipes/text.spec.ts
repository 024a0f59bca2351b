import { inText } from './text';

it('keeps variables and paths out of formulas, and patterns out of emphasis', () => {
  expect(inText('$EXPECTED_REF, ${TAG} and {workspaceRoot}/libs/a')).toBe(
    '`$EXPECTED_REF`, `${TAG}` and `{workspaceRoot}/libs/a`',
  );
  expect(inText('a | b, **/*.ts, < file')).toBe(
    'a \\| b, \\*\\*/\\*.ts, \\< file',
  );
});

it('leaves what stands in backticks as it is', () => {
  expect(inText('as `a|b*` or `$NAME`')).toBe('as `a|b*` or `$NAME`');
});
