import { readManifests } from '../../manifest';
import { withoutSecrets } from './without-secrets';

const masked = (text: string) => {
  const set = readManifests([{ origin: 'a.yaml', text }]);
  return withoutSecrets(set, []);
};
const HEAD = 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n';

describe('withoutSecrets', () => {
  it.each([
    ['a plain text', 'stringData:\n  pin: 1234 # short\n'],
    ['a number', 'stringData:\n  pin: "1234"\n'],
    ['many lines', 'stringData:\n  key: |\n    BEGIN\n    abcdefgh\n'],
    ['base64', 'data: { pin: MTIzNA== }\n'],
    ['folded base64', 'data:\n  pin: >-\n    MTIz\n    NA==\n'],
  ])('leaves YAML that holds a mask for %s', (_, values) => {
    const yaml = masked(HEAD + values);
    expect(yaml.startsWith(HEAD)).toBe(true);
    expect(yaml).not.toMatch(/1234|MTIz|NA==|BEGIN|abcdefgh/);
    const [{ object } = { object: {} as Record<string, unknown> }] =
      readManifests([{ origin: 'b.yaml', text: yaml }]).objects;
    expect(Object.values({ ...object.data!, ...object.stringData! })).toEqual([
      '***',
    ]);
  });

  it('masks a value wherever else it stands', () => {
    const map =
      '---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: m }\ndata: { url: "x?key=hunter2hunter2" }\n';
    const yaml = masked(`${HEAD}stringData: { a: hunter2hunter2 }\n${map}`);
    expect(yaml).not.toContain('hunter2');
    expect(yaml).toContain('x?key=***');
  });

  it('leaves all else as it is', () => {
    const text =
      'apiVersion: acme.dev/v1\nkind: Secret\nmetadata: { name: s }\ndata: { a: 1234 }\n';
    expect(masked(text)).toBe(text);
    expect(masked(`${HEAD}data: null\nstringData: {}\n`)).toBe(
      `${HEAD}data: null\nstringData: {}\n`,
    );
  });

  it('changes what is to be changed beside the values', () => {
    const set = readManifests([
      {
        origin: 'a.yaml',
        text: `${HEAD}type: Opaque\nstringData: { a: '1234' }\n`,
      },
    ]);
    const yaml = withoutSecrets(set, [
      [
        { path: ['type'], value: 'other' },
        { path: ['stringData', 'a'], value: '5678' },
      ],
    ]);
    expect(yaml).toBe(`${HEAD}type: other\nstringData: { a: '***' }\n`);
  });
});
