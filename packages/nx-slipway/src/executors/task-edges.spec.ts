import { tasksBefore } from './task-edges';

it.each([
  ['ids, before Nx 24', ['a:build', 'b:build']],
  ['edges, since', [{ id: 'a:build', kind: 'x' }, { id: 'b:build' }]],
])('the tasks before another are known by %s', (_, before) => {
  const graph = { dependencies: { 'web:custom-build': before } };
  expect(tasksBefore('web:custom-build', graph)).toEqual([
    'a:build',
    'b:build',
  ]);
  expect(tasksBefore('other:build', graph)).toEqual([]);
  expect(tasksBefore('web:custom-build', undefined)).toEqual([]);
});
