import type { Recipe } from './recipe';
import type { Shape } from './shape';

/** What every recipe may fill in, beside the answers to its questions. */
export const BUILT_IN = [
  'name',
  'ref',
  'image',
  'projectRoot',
  'offset',
] as const;
/** In a guess alone: of the first of its files. */
export const OF_GUESS = ['file', 'folder'] as const;

const NAME = /\{\{(\w+)\}\}/g;

/**
 * A name that is misspelt would end up in somebody's command.
 * @throws SLIPWAY_E_RECIPE
 */
export function assertNames(recipe: Recipe, json: Shape): void {
  const { questions } = recipe;
  const taken = questions.flatMap(({ name, choices: [choice] }) => [
    name,
    ...Object.keys(choice?.fills ?? {}),
  ]);
  const twice = taken.find(
    (name, index) =>
      taken.indexOf(name) !== index ||
      [...BUILT_IN, ...OF_GUESS].some((own) => own === name),
  );
  if (twice) {
    json.at('questions').fail(`has the name "${twice}" twice, or it is ours`);
  }
  const everywhere = [...BUILT_IN, ...taken];
  const { detect, target, files, liveUpdate, notes, tools } = recipe;
  check({ target, files, liveUpdate, notes, tools }, everywhere, json);
  check(
    questions.map(({ choices }) => choices),
    everywhere,
    json.at('questions'),
  );
  check(detect, BUILT_IN, json.at('detect'));
  // Defaults and guesses come before there are answers.
  const standards = questions.map((question) => question.default);
  check(standards, BUILT_IN, json.at('questions'));
  const guesses = questions.map(({ guess }) => guess);
  check(guesses, [...BUILT_IN, ...OF_GUESS], json.at('questions'));
}

function check(value: unknown, known: readonly string[], shape: Shape): void {
  for (const [, name = ''] of JSON.stringify(value).matchAll(NAME)) {
    if (known.includes(name)) continue;
    shape.fail(
      `fills in {{${name}}}, which nothing gives. There are ${known.join(', ')}`,
    );
  }
}
