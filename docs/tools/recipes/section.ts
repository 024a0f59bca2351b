import {
  fillRecipe,
  namesOf,
  recipes,
  type FilledRecipe,
  type Question,
  type Recipe,
} from '../../../packages/nx-slipway/src/generators/recipes';
import { jsonOf } from './json';
import { inText } from './text';

/** A project that a section shows the recipe for. */
const PROJECT = { name: 'web', ref: 'web', projectRoot: 'apps/web' };

/** What a recipe writes, asks and says, in Markdown. */
export function sectionOf(recipe: Recipe): string {
  const filled = filledWith(recipe);
  const { files, notes, tools, questions } = { ...recipe, ...filled };
  return [
    inText(recipe.description),
    block('json', jsonOf(targetOf(filled))),
    ...questions
      .filter((question) => firstWith(question) === recipe.name)
      .flatMap((question) => alternatives(recipe, question)),
    ...files.map(
      ({ path, text, executable }) =>
        `\`${path}\`${executable ? ', executable' : ''}, where there is none:\n\n${block(languageOf(path), text.trimEnd())}`,
    ),
    questions.length > 0 ? tableOf(recipe.name, questions) : '',
    [
      ...notes.map((note) => `- ${inText(note)}`),
      ...tools.map(({ program, get }) => `- \`${program}\`: ${get}`),
    ].join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Questions that only files answer are answered by their names, in capitals. */
function filledWith(recipe: Recipe, given: Record<string, string> = {}) {
  const open = recipe.questions
    .filter((question) => question.default === undefined)
    .map(({ name }) => [name, name.toUpperCase()]);
  return fillRecipe(recipe, {
    ...PROJECT,
    answers: { ...(Object.fromEntries(open) as object), ...given },
  });
}

function targetOf({ dependsOn, inputs, options }: FilledRecipe) {
  return {
    executor: 'nx-slipway:custom-build',
    ...(dependsOn.length > 0 && { dependsOn }),
    ...(inputs.length > 0 && { inputs: ['...', ...inputs] }),
    options,
  };
}

/** What another answer than the one by default makes of the options. */
function alternatives(recipe: Recipe, question: Question): string[] {
  const { options } = filledWith(recipe);
  return question.choices
    .filter(({ value }) => value !== question.default)
    .flatMap(({ value, description }) => {
      const other = filledWith(recipe, { [question.name]: value });
      const changed = Object.fromEntries(
        Object.entries(other.options).filter(
          ([key, entry]) =>
            JSON.stringify(entry) !== JSON.stringify(options[key]),
        ),
      );
      const { dependsOn } = other;
      if (Object.keys(changed).length + dependsOn.length === 0) return [];
      const shown =
        dependsOn.length > 0 ? { dependsOn, options: changed } : changed;
      return [
        `With \`--set ${question.name}=${value}\`, ${inText(description)}:`,
        block('json', jsonOf(shown)),
      ];
    });
}

function tableOf(recipe: string, questions: readonly Question[]): string {
  const rows = questions.map((question) => {
    const first = firstWith(question);
    return [
      `\`${question.name}\``,
      defaultOf(question),
      first === recipe ? about(question) : `as of [${first}](#${first})`,
    ];
  });
  return [['`--set`', 'default', ''], ['---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function about({ description, choices }: Question): string {
  const answers = choices.map(
    ({ value, description }) => `\`${value}\`: ${inText(description)}`,
  );
  return [inText(description), answers.join('; ')].join(' ').trimEnd();
}

/** Recipes share questions: the page explains each where it comes first. */
function firstWith({ name, description }: Question): string {
  const has = (recipe: Recipe) =>
    recipe.questions.some(
      (one) => one.name === name && one.description === description,
    );
  return recipes().find(has)?.name ?? '';
}

function defaultOf({ default: standard, guess }: Question): string {
  const names = namesOf(PROJECT);
  const value = standard?.replace(
    /\{\{(\w+)\}\}/g,
    (whole, name: string) => names[name] ?? whole,
  );
  if (guess.length === 0) {
    if (value === undefined) return 'required';
    return value === '' ? 'none' : `\`${value}\``;
  }
  return value ? `what the files tell, or \`${value}\`` : 'what the files tell';
}

const block = (info: string, text: string): string =>
  `\`\`\`${info}\n${text}\n\`\`\``;

function languageOf(path: string): string {
  if (path.endsWith('.sh')) return 'sh';
  return /\.ya?ml$/.test(path) ? 'yaml' : '';
}
