import fc from 'fast-check';
import { jsonText } from './json-text';

describe('JSON for readers of YAML', () => {
  it('holds nothing that ends a line in YAML, or may not stand there', () => {
    expect(jsonText({ a: 'ä\u0085\u007f\u2028\uffff' })).toBe(
      '{"a":"ä\\u0085\\u007f\\u2028\\uffff"}',
    );
  });

  it('is the same JSON', () => {
    const texts = fc.string({ unit: 'binary' });
    const values = fc.jsonValue({ stringUnit: 'binary' });
    fc.assert(
      fc.property(fc.dictionary(texts, values), (body) => {
        const text = jsonText(body);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(body)));
        expect(text).not.toMatch(/[\u007f-\u009f\u2028\u2029\ufeff]/);
      }),
    );
  });
});
