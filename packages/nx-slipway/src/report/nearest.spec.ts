import { nearest } from './nearest';

const NAMES = ['image-deploy-ref', 'doctor', 'prune', 'skipsLocalDocker'];

it.each([
  ['docter', 'doctor'],
  ['doctorr', 'doctor'],
  ['purne', 'prune'],
  ['image-deploy', 'image-deploy-ref'],
  ['image-deploy-rfe', 'image-deploy-ref'],
  ['skips_local_docker', 'skipsLocalDocker'],
  ['skipLocalDocker', 'skipsLocalDocker'],
])('takes %s for %s', (word, name) => {
  expect(nearest(word, NAMES)).toBe(name);
});

it.each(['', 'x', 'explain', '__proto__'])('finds nothing near %j', (word) => {
  expect(nearest(word, NAMES)).toBeUndefined();
});
