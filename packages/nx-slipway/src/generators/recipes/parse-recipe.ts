import {
  parseCondition,
  parseLiveUpdate,
  parseQuestion,
  type Shared,
} from './parse-parts';
import { assertNames } from './names';
import type { Recipe, RecipeFile } from './recipe';
import { Shape } from './shape';

/** The folder of a recipe, of this package or another. */
export interface RecipeFolder {
  /** For messages. */
  readonly where: string;
  /** What the recipe must be called: the folder's own name. */
  readonly name: string;
  /** What is in front of that outside of the folder's package. */
  readonly prefix: string;
  /** @returns undefined where there is none @throws SLIPWAY_E_RECIPE for a path that leaves the package */
  read(path: string): string | undefined;
}

const KEYS = [
  '$schema',
  'name',
  'title',
  'description',
  'detect',
  'questions',
  'target',
  'inputs',
  'files',
  'liveUpdate',
  'notes',
  'tools',
];
const NEEDED = ['name', 'title', 'description', 'target'];

/** @throws SLIPWAY_E_RECIPE with the file and the key that is wrong */
export function parseRecipe(folder: RecipeFolder, shared: Shared): Recipe {
  const file = `${folder.where}/recipe.json`;
  const json = new Shape(parseJson(folder, file), file).object(KEYS, NEEDED);
  const name = json.at('name').text();
  if (name !== folder.name) {
    json.at('name').fail(`is "${name}", and its folder is "${folder.name}"`);
  }
  const recipe: Recipe = {
    name: folder.prefix + name,
    title: json.at('title').text(),
    description: json.at('description').text(),
    detect: json.at('detect').list(parseCondition),
    questions: json
      .at('questions')
      .list((entry) => parseQuestion(entry, shared)),
    target: json.at('target').record(),
    inputs: json.at('inputs').list((entry) => ({
      env: entry.object(['env'], ['env']).at('env').text(),
    })),
    files: json.at('files').list((entry) => parseFile(entry, folder)),
    liveUpdate: json
      .at('liveUpdate')
      .list((entry) => parseLiveUpdate(entry, shared))
      .flat(),
    notes: json.at('notes').list((entry) => entry.text()),
    tools: json.at('tools').list((entry) => {
      entry.object(['program', 'get'], ['program', 'get']);
      return {
        program: entry.at('program').text(),
        get: entry.at('get').text(),
      };
    }),
  };
  const command = json.at('target').at('command');
  if (!command.isThere && !everyChoice(recipe)) {
    json.at('target').fail('lacks "command"');
  }
  if (json.at('target').at('ref').isThere) {
    json.at('target').fail('has a "ref", which is not the recipe\'s to say');
  }
  assertNames(recipe, json);
  return recipe;
}

/** Whether whatever is chosen brings a command. */
function everyChoice({ questions }: Recipe): boolean {
  return questions.some(
    ({ choices }) =>
      choices.length > 0 && choices.every(({ target }) => 'command' in target),
  );
}

function parseJson(folder: RecipeFolder, file: string): unknown {
  const text = folder.read('recipe.json');
  const shape = new Shape(undefined, file);
  if (text === undefined) return shape.fail('is not there');
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    return shape.fail(
      `is no JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function parseFile(entry: Shape, folder: RecipeFolder): RecipeFile {
  entry.object(['template', 'path', 'executable'], ['template', 'path']);
  const template = entry.at('template').text();
  const text = folder.read(`files/${template}`);
  if (text === undefined) {
    entry.at('template').fail(`is "${template}", which is not in files/`);
  }
  return {
    path: entry.at('path').text(),
    text: text ?? '',
    executable: entry.at('executable').flag(),
  };
}
