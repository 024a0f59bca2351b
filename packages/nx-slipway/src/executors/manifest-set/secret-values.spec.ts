import { secretValues } from './secret-values';

const secret = (parts: object) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 's' },
  ...parts,
});

describe('secretValues', () => {
  it('are those of stringData, and those of data plain and in base64', () => {
    const data = { password: Buffer.from('hunter2hunter2').toString('base64') };
    const stringData = { token: 'abcdefgh1234' };
    expect(secretValues([secret({ data, stringData })])).toEqual([
      'abcdefgh1234',
      data.password,
      'hunter2hunter2',
    ]);
  });

  it('leave out what every text has, and what is nothing', () => {
    const stringData = { port: '8080', flag: true, none: null };
    expect(secretValues([secret({ stringData })])).toEqual([]);
  });

  it('are what should be a text, too, and what a map holds in its place', () => {
    const stringData = { pin: 12345678, config: { tokens: ['abcdefgh1234'] } };
    expect(secretValues([secret({ stringData })])).toEqual([
      '12345678',
      'abcdefgh1234',
    ]);
    expect(secretValues([secret({ stringData: 'abcdefgh1234' })])).toEqual([
      'abcdefgh1234',
    ]);
  });

  it('are of Secrets alone', () => {
    const map = {
      ...secret({ data: { a: 'abcdefgh1234' } }),
      kind: 'ConfigMap',
    };
    const other = {
      ...secret({ data: { a: 'abcdefgh1234' } }),
      apiVersion: 'acme.dev/v1',
    };
    expect(secretValues([map, other])).toEqual([]);
  });
});
