import { posix } from 'node:path';
import { nearest, SlipwayError } from '../../report';
import { matchOf } from './conditions';
import { fillGroups, fillText, type Names } from './fill-text';
import type { ProjectFiles } from './project-files';
import type { Guess, Question, Recipe } from './recipe';

export type Answers = Readonly<Record<string, string>>;

/**
 * The answer to each question: what is given, else what the files say, else
 * the default.
 * @param files without them nothing is guessed
 * @throws SLIPWAY_E_OPTION_INVALID for an answer to no question, one that is
 *   none, and a question without any
 */
export function answersOf(
  recipe: Recipe,
  given: Answers,
  names: Names,
  files?: ProjectFiles,
): Answers {
  assertKnown(recipe, Object.keys(given));
  return Object.fromEntries(
    recipe.questions.map((question) => {
      const { name } = question;
      const answer =
        given[name] ??
        (files && guessed(question, names, files)) ??
        (question.default === undefined
          ? undefined
          : fillText(question.default, names));
      if (answer === undefined) throw unanswered(recipe, question);
      if (given[name] !== undefined) assertAnswer(recipe, question, answer);
      return [name, answer];
    }),
  );
}

function guessed(
  question: Question,
  names: Names,
  files: ProjectFiles,
): string | undefined {
  for (const guess of question.guess) {
    const value = valueOf(guess, names, files);
    if (value !== undefined && isAnswer(question, value)) return value;
  }
  return undefined;
}

function valueOf(
  guess: Guess,
  names: Names,
  files: ProjectFiles,
): string | undefined {
  const match = matchOf(guess, files, names);
  if (!match) return undefined;
  const { file = '', groups } = match;
  // Text of a file comes last, so that nothing in it is filled in.
  return fillGroups(
    fillText(guess.value, { ...names, file, folder: posix.dirname(file) }),
    groups,
  ) as string;
}

function isAnswer({ pattern, choices }: Question, value: string): boolean {
  return choices.length > 0
    ? choices.some((choice) => choice.value === value)
    : new RegExp(pattern).test(value);
}

function assertAnswer(recipe: Recipe, question: Question, value: string): void {
  if (isAnswer(question, value)) return;
  const { name, choices, pattern, description } = question;
  const form =
    choices.length > 0
      ? `It is one of: ${choices.map((c) => `${c.value} (${c.description})`).join(', ')}.`
      : `${description} It looks like ${pattern}.`;
  throw invalid(`${name} of ${recipe.name} is "${value}"`, form);
}

function unanswered(recipe: Recipe, { name, description }: Question) {
  return invalid(
    `${recipe.name} asks for ${name}, and no file of the project tells`,
    `--set ${name}=...: ${description}`,
  );
}

function assertKnown({ name, questions }: Recipe, given: string[]): void {
  const known = questions.map((question) => question.name);
  const other = given.find((key) => !known.includes(key));
  if (other === undefined) return;
  const near = nearest(other, known);
  const asked =
    known.length > 0
      ? `It asks for ${known.join(', ')}.`
      : 'It asks for nothing.';
  throw invalid(
    `${name} does not ask for "${other}"`,
    `${near ? `Did you mean ${near}? ` : ''}${asked}`,
  );
}

function invalid(message: string, hint: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `${message}.`,
    hint,
  });
}
