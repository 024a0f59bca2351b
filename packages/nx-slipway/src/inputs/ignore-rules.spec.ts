import { slipwayError } from '../testing/slipway-error';
import { ignoreRules } from './ignore-rules';

describe('ignore rules', () => {
  it('count in their order, without comments and empty lines', () => {
    const rules = ignoreRules(['# all', '', '*.md', '!a.md', '!'], 'ignore');
    const files = ['a.md', 'b.md', 'B.MD', 'all'];
    expect(files.filter((file) => rules.ignores(file))).toEqual(['b.md']);
  });

  it.each(['[a-', '![a-', '[z-a]', 'copy (1', 'a++'])(
    'name the pattern that cannot be read: %s',
    (pattern) => {
      const read = () => ignoreRules(['*.md', pattern, 'b'], 'ignore of web');
      expect(read).toThrow(slipwayError('SLIPWAY_E_OPTION_INVALID'));
      expect(read).toThrow(`ignore of web has the pattern "${pattern}"`);
    },
  );

  it('may hold what they are told to put a backslash before', () => {
    const rules = ignoreRules(['copy \\(1\\)', '\\[a-'], 'ignore');
    expect(rules.ignores('copy (1)') && rules.ignores('[a-')).toBe(true);
  });
});
