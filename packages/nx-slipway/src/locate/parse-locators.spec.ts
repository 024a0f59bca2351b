import { parseLocators } from './parse-locators';

describe('locators in nx.json', () => {
  it.each<[unknown, RegExp]>([
    [{}, /is no list/],
    [[7], /locators\[0\] is no object/],
    [[{ kind: 'A' }], /has no path/],
    [[{ path: 'a' }], /every object/],
    [
      [{ kind: 'A', path: '{.a..b}' }],
      /at character 4 "\.\." is not supported/,
    ],
    [[{ kind: 'A', path: '{.a[x]}' }], /at character 4 "\[x\]" is none of/],
    [[{ kind: 'A', path: '{}' }], /names no place/],
    [[{ kind: 'A', path: 'a', format: 'yaml' }], /no "then"/],
    [[{ kind: 'A', path: 'a', format: 'toml', then: 'b' }], /yaml or json/],
    [[{ kind: 'A', path: 'a', object: { tag: 'x' } }], /no repository/],
    [[{ kind: 7, path: 'a' }], /kind is 7/],
    [[{ kind: 'Wid*', path: 'a' }], /a kind is matched as it is/],
    [[{ apiVersion: '*/v1', path: 'a' }], /only the version may be \*/],
    [[{ kind: 'A', path: 'metadata.name' }], /of metadata only annotations/],
    [[{ kind: 'A', path: 'a', then: 7 }], /neither a path nor an object/],
    [
      [{ kind: 'A', path: 'a', then: 'b[' }],
      /\.then is "b\[", and at character 2/,
    ],
    [
      [{ kind: 'A', path: 'a', object: { repository: 'x', tag: 'x' } }],
      /the field "x" for two parts/,
    ],
    [[{ kind: 'A', path: 'a', object: {}, then: 'b' }], /both object and then/],
  ])('refuse %j', (option, why) => {
    expect(() => parseLocators(option, 'locators')).toThrow(why);
  });

  it('name a key that is misspelt', () => {
    expect(() =>
      parseLocators([{ kinds: 'A', path: 'a' }], 'locators'),
    ).toThrow(/locators\[0\] has no option "kinds"/);
  });
});
