import { slipwayError } from '../../testing/slipway-error';
import { findRecipe } from '../recipes';
import { answersIn } from './answers-in';

const ko = findRecipe('ko');
const docker = findRecipe('docker');

describe('the answers of --set', () => {
  it.each([
    [ko, [], {}],
    [
      ko,
      ['main=./cmd/web', 'to=registry'],
      { main: './cmd/web', to: 'registry' },
    ],
    [docker, ['arguments=--build-arg A=b'], { arguments: '--build-arg A=b' }],
    [docker, ['arguments='], { arguments: '' }],
    // As Nx takes one --set apart.
    [
      docker,
      ['arguments=--platform linux/amd64', 'linux/arm64'],
      { arguments: '--platform linux/amd64,linux/arm64' },
    ],
    [
      docker,
      ['arguments=--secret id=npm', 'src=.npmrc', 'context=dist'],
      { arguments: '--secret id=npm,src=.npmrc', context: 'dist' },
    ],
    // Told to be no question, later on.
    [ko, ['main=.', 'tpo=registry'], { main: '.', tpo: 'registry' }],
  ])('%#: %j', (recipe, set, answers) => {
    expect(answersIn(set, recipe)).toEqual(answers);
  });

  it.each([['registry'], ['=x'], ['a b=c']])('are refused: %s', (text) => {
    expect(() => answersIn([text], ko)).toThrow(
      slipwayError('SLIPWAY_E_OPTION_INVALID', /^--set is /),
    );
  });
});
