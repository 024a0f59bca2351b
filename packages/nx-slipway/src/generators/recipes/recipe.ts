/** What a recipe.json says, checked; recipe.schema.json describes each part. */
export interface Recipe {
  /** As `--builder` takes it; of another package with that in front: `@acme/recipes:kaniko`. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** One that holds is enough. With none the recipe is never guessed. */
  readonly detect: readonly Condition[];
  readonly questions: readonly Question[];
  /** Options of custom-build; strings may hold `{{name}}`. */
  readonly target: Options;
  /** Variables of the shell that change what the command makes. */
  readonly inputs: readonly EnvInput[];
  readonly files: readonly RecipeFile[];
  /** The first that holds. */
  readonly liveUpdate: readonly LiveUpdateRule[];
  readonly notes: readonly string[];
  readonly tools: readonly Tool[];
}

export type Options = Readonly<Record<string, unknown>>;

/** What must be true of a project's files: all of it. */
export interface Condition {
  /** Each is there. A `*` stands for anything within one name. */
  readonly files: readonly string[];
  /** None of these is. */
  readonly without: readonly string[];
  readonly text: readonly TextCondition[];
}

/** Of a file that is there; `^` and `$` match at lines. */
export interface TextCondition {
  readonly file: string;
  readonly matches?: string;
  readonly lacks?: string;
}

export interface Question {
  readonly name: string;
  readonly description: string;
  /** Without it, and where nothing is guessed, somebody must answer. */
  readonly default?: string;
  /** The first that holds and that is an answer. */
  readonly guess: readonly Guess[];
  /** What an answer looks like; it ends up in a shell's command. */
  readonly pattern: string;
  readonly choices: readonly Choice[];
}

export interface Guess extends Condition {
  /** May hold `$1` of the first text that matches, `{{file}}` and `{{folder}}` of the first file. */
  readonly value: string;
}

export interface Choice {
  readonly value: string;
  readonly description: string;
  /** Laid over the recipe's own. */
  readonly target: Options;
  /** More names for `{{name}}`, with what they stand for; every choice has the same. */
  readonly fills: Readonly<Record<string, string>>;
  /** Targets of the project that must have run. */
  readonly dependsOn: readonly string[];
}

export interface EnvInput {
  readonly env: string;
}

export interface RecipeFile {
  /** Below the project, or `{workspaceRoot}/` in front. */
  readonly path: string;
  readonly text: string;
  readonly executable: boolean;
}

export interface LiveUpdateRule {
  readonly when: Condition;
  readonly steps: readonly unknown[];
}

export interface Tool {
  /** As it is looked for on the PATH. */
  readonly program: string;
  /** Where one gets it. */
  readonly get: string;
}
