import fc from 'fast-check';
import { fillAll, fillGroups, fillText } from './fill-text';

const NAMES = { a: 'x', none: '', dollar: '$1 {{a}}' };

describe('a text that is filled', () => {
  it.each([
    ['{{a}}', 'x'],
    ['b {{a}} c', 'b x c'],
    ['b {{none}} c', 'b c'],
    ['b{{none}}c', 'bc'],
    ['{{none}} c', ' c'],
    ['{{b}} {{ a }} {{.a}} {a}', '{{b}} {{ a }} {{.a}} {a}'],
    ['{{dollar}}', '$1 {{a}}'],
  ])('%j: %j', (text, filled) => {
    expect(fillText(text, NAMES)).toBe(filled);
  });

  it('is what it was where it holds no name', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/\{\{\w+\}\}/.test(text));
        expect(fillText(text, NAMES)).toBe(text);
      }),
    );
  });

  it('holds each value as it is, whatever that is', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (a) => {
        expect(fillText('<{{a}}>', { a })).toBe(`<${a}>`);
        expect(fillGroups('<$1>', ['', a])).toBe(`<${a}>`);
      }),
    );
  });
});

describe('a value that is filled', () => {
  it('loses what nothing is left of, and keeps what is no text', () => {
    expect(
      fillAll(
        { a: '{{none}}', b: ['{{none}}', '{{a}}'], c: { d: true, e: 0 } },
        NAMES,
      ),
    ).toEqual({ b: ['x'], c: { d: true, e: 0 } });
  });

  it('has the groups of a match at any depth', () => {
    expect(fillGroups([{ sync: { to: '$1/$2/$3' } }], ['', 'a', 'b'])).toEqual([
      { sync: { to: 'a/b/$3' } },
    ]);
  });
});
