import { counted } from './counted';

it.each([
  [0, '0 files'],
  [1, '1 file'],
  [2, '2 files'],
])('%d of them are %s', (count, words) => {
  expect(counted(count, 'file')).toBe(words);
});
