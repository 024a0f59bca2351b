import { joinTexts } from './join';

const join = (...texts: string[]) =>
  joinTexts(texts.map((text) => ({ origin: 'a.yaml', text })));

describe('joinTexts', () => {
  it('leaves one text as it is', () => {
    expect(join('a: 1\n')).toBe('a: 1\n');
  });

  it('puts a document start between two', () => {
    expect(join('a: 1\n', 'b: 2\n')).toBe('a: 1\n---\nb: 2\n');
  });

  it.each([
    ['at once', '---\nb: 2\n'],
    ['after comments', '# two\n\n---\nb: 2\n'],
    ['with CRLF', '---\r\nb: 2\r\n'],
    ['after a directive', '%YAML 1.1\n---\nb: 2\n'],
  ])('adds none where the second begins with one %s', (_, second) => {
    expect(join('a: 1\n', second)).toBe(`a: 1\n${second}`);
  });

  it('ends every line, and takes byte order marks out of the middle', () => {
    expect(join('\uFEFFa: 1', '\uFEFFb: 2')).toBe('a: 1\n---\nb: 2\n');
  });

  it('leaves out what is empty', () => {
    expect(join('', ' \n', 'a: 1\n')).toBe('a: 1\n');
  });

  it('is not misled by a document end, or by dashes in a text', () => {
    expect(join('a: 1\n', 'b: |\n  ---\n')).toBe('a: 1\n---\nb: |\n  ---\n');
    expect(join('a: 1\n', '---x: 1\n')).toBe('a: 1\n---\n---x: 1\n');
  });
});
