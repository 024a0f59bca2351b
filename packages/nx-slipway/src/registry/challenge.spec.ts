import fc from 'fast-check';
import { parseChallenges } from './challenge';

const read = (header: string) =>
  parseChallenges(header).map(({ scheme, parameters }) => [
    scheme,
    Object.fromEntries(parameters),
  ]);

describe('parseChallenges', () => {
  it.each([
    ['nothing', '', []],
    ['a scheme alone', 'Negotiate', [['negotiate', {}]]],
    ['a realm', 'Basic realm="x y"', [['basic', { realm: 'x y' }]]],
    [
      'commas in quotes',
      'Bearer realm="https://a/token",service="r",scope="repository:x:pull,push"',
      [
        [
          'bearer',
          {
            realm: 'https://a/token',
            service: 'r',
            scope: 'repository:x:pull,push',
          },
        ],
      ],
    ],
    [
      'several challenges',
      'Negotiate, Basic realm="a, Bearer b=c", bearer REALM=x , service=y',
      [
        ['negotiate', {}],
        ['basic', { realm: 'a, Bearer b=c' }],
        ['bearer', { realm: 'x', service: 'y' }],
      ],
    ],
    [
      'what NTLM has for parameters',
      'NTLM TlRMTVNTUAAB==, Basic realm="x"',
      [
        ['ntlm', {}],
        ['basic', { realm: 'x' }],
      ],
    ],
    ['escaped quotes', 'Basic realm="a\\"b"', [['basic', { realm: 'a"b' }]]],
    [
      'a URL without quotes',
      'Bearer realm=https://a/token,service=b',
      [['bearer', { realm: 'https://a/token', service: 'b' }]],
    ],
  ])('reads %s', (_what, header, expected) => {
    expect(read(header)).toEqual(expected);
  });

  it('reads back what was written', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/);
    const challenge = fc.tuple(
      name,
      fc.dictionary(name, fc.string({ unit: 'binary-ascii' }), {
        minKeys: 1,
        maxKeys: 3,
      }),
    );
    const quoted = (text: string) => `"${text.replace(/(["\\])/g, '\\$1')}"`;
    fc.assert(
      fc.property(fc.array(challenge, { maxLength: 3 }), (list) => {
        const printable = list.map(
          ([scheme, parameters]) =>
            [
              scheme,
              Object.fromEntries(
                Object.entries(parameters).map(([key, value]) => [
                  key,
                  value.replace(/[^\x20-\x7e]/g, ''),
                ]),
              ),
            ] as const,
        );
        const header = printable
          .map(
            ([scheme, parameters]) =>
              `${scheme} ${Object.entries(parameters)
                .map(([key, value]) => `${key}=${quoted(value)}`)
                .join(', ')}`,
          )
          .join(', ');
        expect(read(header)).toEqual(printable);
      }),
    );
  });

  it('ends, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(Array.isArray(parseChallenges(text))).toBe(true);
      }),
    );
    expect(parseChallenges('a '.repeat(50_000))).not.toHaveLength(0);
    expect(parseChallenges(`Basic realm="${'\\'.repeat(50_000)}`)).toEqual([
      { scheme: 'basic', parameters: new Map() },
    ]);
  });
});
