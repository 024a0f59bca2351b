import { parseInfo } from './info';

it.each([
  ['', { language: '', words: [], values: {} }],
  ['sh', { language: 'sh', words: [], values: {} }],
  [
    'sh run background until="up to date"',
    {
      language: 'sh',
      words: ['run', 'background'],
      values: { until: 'up to date' },
    },
  ],
  [
    'jsonc file=apps/web/project.json',
    { language: 'jsonc', words: [], values: { file: 'apps/web/project.json' } },
  ],
  [
    'sh run until="say \\"yes\\""',
    { language: 'sh', words: ['run'], values: { until: 'say "yes"' } },
  ],
])('reads %j', (text, info) => {
  expect(parseInfo(text)).toEqual(info);
});
