import { posix } from 'node:path';
import { familiarName, parseReference } from '../../image';
import { answersOf, type Answers } from './answers';
import { broken } from './broken';
import { matchOf } from './conditions';
import { fillAll, fillGroups, fillText, type Names } from './fill-text';
import type { ProjectFiles } from './project-files';
import type {
  Choice,
  EnvInput,
  Options,
  Recipe,
  RecipeFile,
  Tool,
} from './recipe';

/** Folders whose files others run. */
const FOREIGN = ['.git', 'node_modules'];

/** What a recipe is filled with. */
export interface RecipeValues {
  /** Of the project. */
  readonly name: string;
  /** The image name, as manifests write it. */
  readonly ref: string;
  /** From the root of the workspace; `.` is that root. */
  readonly projectRoot: string;
  readonly answers?: Answers;
  /** What is guessed of; without them, questions have their defaults, and there is no live update. */
  readonly files?: ProjectFiles;
}

/** What a recipe makes of a project. */
export interface FilledRecipe {
  /** Of custom-build. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly inputs: readonly EnvInput[];
  /** Targets of the project. */
  readonly dependsOn: readonly string[];
  /** Paths from the root of the workspace. */
  readonly files: readonly RecipeFile[];
  /** Steps, where this image's containers can take them. */
  readonly liveUpdate?: readonly unknown[];
  readonly notes: readonly string[];
  readonly tools: readonly Tool[];
}

/**
 * @throws SLIPWAY_E_OPTION_INVALID for answers that are none
 * @throws SLIPWAY_E_REF_INVALID
 * @throws SLIPWAY_E_RECIPE for a file that would stand outside of the workspace
 */
export function fillRecipe(recipe: Recipe, values: RecipeValues): FilledRecipe {
  const { ref, projectRoot, answers = {}, files } = values;
  const own = namesOf(values);
  const given = answersOf(recipe, answers, own, files);
  const chosen = recipe.questions.flatMap(
    ({ name, choices }) =>
      choices.find(({ value }) => value === given[name]) ?? [],
  );
  const names = withFills({ ...own, ...given }, chosen);
  const target = Object.assign(
    {},
    recipe.target,
    ...chosen.map((choice) => choice.target),
  ) as object;
  return {
    options: optionsOf(ref, fillAll(target, names) as Options),
    inputs: recipe.inputs,
    dependsOn: chosen.flatMap((choice) => choice.dependsOn),
    files: recipe.files.map((file) => ({
      ...file,
      path: pathOf(recipe, fillText(file.path, names), projectRoot),
      text: fillText(file.text, names),
    })),
    liveUpdate: files && liveUpdateOf(recipe, files, names),
    notes: recipe.notes.map((note) => fillText(note, names)),
    tools: recipe.tools.map((tool) => ({
      ...tool,
      program: fillText(tool.program, names),
    })),
  };
}

/** In the order in which people read them. */
function optionsOf(ref: string, { command, ...rest }: Options): Options {
  return { ref, command, ...rest };
}

function withFills(names: Names, chosen: readonly Choice[]): Names {
  const fills = chosen.flatMap((choice) => Object.entries(choice.fills));
  return {
    ...names,
    ...Object.fromEntries(
      fills.map(([name, text]) => [name, fillText(text, names)]),
    ),
  };
}

export function namesOf({ name, ref, projectRoot }: RecipeValues): Names {
  const root = projectRoot === '.' ? '' : projectRoot;
  return {
    name,
    ref,
    image: familiarName(parseReference(ref)),
    projectRoot: root,
    offset: '../'.repeat(root.split('/').filter(Boolean).length),
  };
}

function liveUpdateOf(
  { liveUpdate }: Recipe,
  files: ProjectFiles,
  names: Names,
): readonly unknown[] | undefined {
  for (const { when, steps } of liveUpdate) {
    const match = matchOf(when, files, names);
    if (match) {
      return fillGroups(fillAll(steps, names), match.groups) as unknown[];
    }
  }
  return undefined;
}

/** A recipe of another package writes where its project is, and nothing that git would run. */
function pathOf(recipe: Recipe, path: string, projectRoot: string): string {
  const inner = path.replace(/^\{workspaceRoot\}\//, '');
  const base = inner === path ? projectRoot : '.';
  const joined = posix.join(base, inner);
  const fromBase = posix.relative(base, joined);
  const parts = joined.split('/');
  if (
    posix.isAbsolute(inner) ||
    inner.includes('\\') ||
    fromBase === '' ||
    fromBase.startsWith('..') ||
    parts.some((part) => FOREIGN.includes(part.toLowerCase()))
  ) {
    throw broken(
      `the recipe ${recipe.name}:`,
      `would write "${path}", which is no place for a file of the project`,
    );
  }
  return joined;
}
