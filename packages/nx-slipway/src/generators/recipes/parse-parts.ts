import type {
  Choice,
  Condition,
  Guess,
  LiveUpdateRule,
  Question,
  Recipe,
  TextCondition,
} from './recipe';
import type { Shape } from './shape';

const CONDITION = ['files', 'without', 'text'];
/** What a shell takes for a word as it stands. */
const WORD = '^[\\w./:@+=,~-]*$';

export function parseCondition(shape: Shape): Condition {
  return conditionOf(shape.object(CONDITION));
}

function conditionOf(shape: Shape): Condition {
  return {
    files: shape.at('files').list((entry) => entry.text()),
    without: shape.at('without').list((entry) => entry.text()),
    text: shape.at('text').list(parseText),
  };
}

function parseText(shape: Shape): TextCondition {
  shape.object(['file', 'matches', 'lacks'], ['file']);
  const matches = shape.at('matches').maybe((regex) => regex.regex());
  const lacks = shape.at('lacks').maybe((regex) => regex.regex());
  if (matches === undefined && lacks === undefined) {
    shape.fail('lacks "matches", or "lacks"');
  }
  return { file: shape.at('file').text(), matches, lacks };
}

/** The recipes of this package, whose parts others may take over by `like`. */
export type Shared = (name: string) => Recipe | undefined;

export function parseQuestion(shape: Shape, shared: Shared): Question {
  if (shape.at('like').isThere) return takenOver(shape, shared);
  shape.object(
    ['name', 'description', 'default', 'guess', 'pattern', 'choices'],
    ['name', 'description'],
  );
  const choices = shape.at('choices').list(parseChoice);
  assertChoices(shape, choices);
  return {
    name: parseName(shape.at('name')),
    description: shape.at('description').text(),
    // May be empty: nothing is an answer, too.
    default: shape.at('default').maybe(textOrNone),
    guess: shape.at('guess').list(parseGuess),
    pattern: shape.at('pattern').maybe((regex) => regex.regex()) ?? WORD,
    choices,
  };
}

/** The question of the same name, which stands once for all. */
function takenOver(shape: Shape, shared: Shared): Question {
  shape.object(['name', 'like'], ['name']);
  const name = shape.at('name').text();
  const found = likeOf(shape, shared).questions.find((q) => q.name === name);
  return found ?? shape.at('like').fail(`has no question "${name}"`);
}

export function parseLiveUpdate(
  shape: Shape,
  shared: Shared,
): readonly LiveUpdateRule[] {
  if (shape.at('like').isThere) {
    return likeOf(shape.object(['like']), shared).liveUpdate;
  }
  shape.object(['when', 'steps'], ['when', 'steps']);
  const steps = shape.at('steps').list((entry) => entry.record());
  return [{ when: parseCondition(shape.at('when')), steps }];
}

function likeOf(shape: Shape, shared: Shared): Recipe {
  const like = shape.at('like');
  const name = like.text();
  return shared(name) ?? like.fail(`is "${name}", which is no recipe of ours`);
}

function parseName(shape: Shape): string {
  const name = shape.text();
  return /^[A-Za-z]\w*$/.test(name)
    ? name
    : shape.fail(`is "${name}": letters, digits and _ make a name`);
}

function textOrNone(shape: Shape): string {
  return shape.value === '' ? '' : shape.text();
}

function assertChoices(shape: Shape, choices: readonly Choice[]): void {
  const standard = shape.at('default');
  const [first] = choices;
  if (!first) return;
  if (standard.isThere && !choices.some((c) => c.value === standard.value)) {
    standard.fail('is none of the choices');
  }
  const keys = ({ fills }: Choice) => Object.keys(fills).sort().join();
  if (choices.some((choice) => keys(choice) !== keys(first))) {
    shape.at('choices').fail('do not fill in the same names');
  }
}

function parseGuess(shape: Shape): Guess {
  shape.object([...CONDITION, 'value'], ['value']);
  return { ...conditionOf(shape), value: shape.at('value').text() };
}

function parseChoice(shape: Shape): Choice {
  shape.object(
    ['value', 'description', 'target', 'fills', 'dependsOn'],
    ['value', 'description'],
  );
  const fills = shape.at('fills').maybe((each) => each.record()) ?? {};
  return {
    value: shape.at('value').text(),
    description: shape.at('description').text(),
    target: shape.at('target').maybe((target) => target.record()) ?? {},
    fills: Object.fromEntries(
      Object.keys(fills).map((name) => [
        name,
        textOrNone(shape.at('fills').at(name)),
      ]),
    ),
    dependsOn: shape.at('dependsOn').list((entry) => entry.text()),
  };
}
