import { setImmediate as nextTurn } from 'node:timers/promises';
import { together } from './together';

test('gives both results', async () => {
  const both = together(nextTurn(1), Promise.resolve('a'));
  await expect(both).resolves.toEqual([1, 'a']);
});

test('is not over before the second one is, when the first has failed', async () => {
  let isOver = false;
  const second = nextTurn().then(() => {
    isOver = true;
  });
  const both = together(Promise.reject(new Error('first')), second);
  await expect(both).rejects.toThrow('first');
  expect(isOver).toBe(true);
});

test('throws the first error of two, whichever came sooner', async () => {
  const first = nextTurn().then(() => {
    throw new Error('first');
  });
  const both = together(first, Promise.reject(new Error('second')));
  await expect(both).rejects.toThrow('first');
});
