import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CODES } from './slipway-error';

const REPOSITORY = join(__dirname, '..', '..', '..', '..');

describe('docs/errors.md', () => {
  const text = readFileSync(join(REPOSITORY, 'docs/errors.md'), 'utf8');
  const sections = text.split(/^## /m).slice(1);
  const codeOf = (section: string) => section.split('\n', 1)[0]?.trim() ?? '';

  it('has a section for every code, and for nothing else', () => {
    expect(sections.map(codeOf).sort()).toEqual([...ERROR_CODES].sort());
  });

  it.each(sections.map((section) => [codeOf(section), section]))(
    'says something under %s',
    (code, section) => {
      expect(section.slice(code.length).trim()).not.toBe('');
    },
  );
});
