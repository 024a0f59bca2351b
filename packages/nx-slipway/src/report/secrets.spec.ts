import { StreamScrubber, scrub } from './scrub';
import { Secrets } from './secrets';

describe('Secrets', () => {
  it('knows those of the environment, and what is added', () => {
    const secrets = new Secrets({ TOKEN: 'abcdefgh', PATH: '/usr/bin:/bin' });
    secrets.add('hunter22-and-more');
    const text = 'abcdefgh hunter22-and-more /usr/bin';
    expect(scrub(text, secrets.all)).toBe('*** *** /usr/bin');
  });

  it('masks one that holds another whole, whichever came first', () => {
    const secrets = new Secrets({});
    secrets.add('abcdef');
    secrets.add('xxabcdefxx');
    expect(scrub('xxabcdefxx', secrets.all)).toBe('***');
  });

  it('masks each line of one that has several, in a stream of lines too', () => {
    const secrets = new Secrets({});
    const key = '{\n  "type": "service",\n  "private_key": "MIIEv"\n}\n';
    secrets.add(key);
    let clean = '';
    const scrubber = new StreamScrubber(secrets.all, (part) => (clean += part));
    for (const line of key.split(/(?<=\n)/)) scrubber.push(line);
    scrubber.end();
    expect(clean).toBe('{\n  ***\n  ***\n}\n');
    expect(scrub(key, secrets.all)).toBe(clean);
  });

  it('masks one that has several lines in base64', () => {
    const secrets = new Secrets({});
    secrets.add('{\n  "a": 1\n}');
    const header = Buffer.from('_json_key:{\n  "a": 1\n}').toString('base64');
    expect(scrub(header, secrets.all)).toMatch(
      /^X2pzb25fa2V5O.{0,2}\*\*\*.{0,3}$/,
    );
  });

  it('masks basic credentials, which hold it in base64', () => {
    const secrets = new Secrets({});
    secrets.add('s3cret-word');
    const header = Buffer.from('me:s3cret-word').toString('base64');
    expect(scrub(header, secrets.all)).toContain('***');
  });

  it('leaves words alone that are too short to be told from others', () => {
    const secrets = new Secrets({});
    secrets.add('admin');
    expect(secrets.all).toEqual([]);
  });
});
