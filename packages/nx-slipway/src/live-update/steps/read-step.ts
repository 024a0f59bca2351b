import { posix } from 'node:path';
import { ignoreRules } from '../../inputs';
import type { FileRule, LiveUpdate, Run, Sync } from '../types';
import { invalid } from './invalid';
import {
  assertKeys,
  fileRuleOf,
  nameOf,
  textOf,
  textsOf,
  valueIn,
  type Value,
  type Where,
} from './read-value';

const SYNC = 'Write { "sync": { "from": "src", "to": "/app/src" } }.';
const RUN =
  'Write { "run": "npm ci", "trigger": ["package.json"] }; a list is run without a shell.';

export function fileRulesOf(given: Value, where: Where): FileRule[] {
  const example =
    'Write { "fallBackOn": ["package.json"] }: files, folders or globs.';
  return textsOf(given, example).map((each) =>
    fileRuleOf(each, where, example),
  );
}

export function initialSyncOf(given: Value): LiveUpdate['initialSync'] {
  if (given.value === true) return { ignore: [] };
  const example =
    'Write { "initialSync": true }, or { "initialSync": { "ignore": ["**/*.map"] } }.';
  assertKeys(given, ['ignore'], example);
  const ignored = valueIn(given, 'ignore');
  if (ignored.value === undefined) return { ignore: [] };
  const ignore = textsOf(ignored, example).map((each) => textOf(each, example));
  ignoreRules(ignore, nameOf(ignored));
  return { ignore };
}

export function syncOf(given: Value, where: Where): Sync {
  assertKeys(given, ['from', 'to', 'target'], SYNC);
  const from = valueIn(given, 'from');
  const rule = fileRuleOf(from, where, SYNC);
  if (/[*?]/.test(rule.path)) {
    throw invalid(
      `${nameOf(from)} is "${rule.written}": a sync takes a file, or a folder with all in it, and no glob`,
      'Name the folder. What is not to be there, ignore of the image leaves out.',
    );
  }
  const target = valueIn(given, 'target');
  return {
    from: rule,
    to: destinationOf(valueIn(given, 'to')),
    ...(target.value !== undefined && { target: targetOf(target) }),
  };
}

function destinationOf(given: Value): string {
  const to = textOf(given, SYNC);
  const isOutside = to.split('/').includes('..');
  if (posix.isAbsolute(to) && !isOutside) return posix.normalize(to);
  throw invalid(
    `${nameOf(given)} is "${to}", which ${isOutside ? 'has ".." in it' : 'is no absolute path'}`,
    'Say where it stands in the container, from its root: "/app/src".',
  );
}

function targetOf(given: Value): string {
  const example =
    'Name the Nx target that makes it: "build", or "shop:build" of another project.';
  const target = textOf(given, example);
  if (/^(?!\^)\S+$/.test(target)) return target;
  throw invalid(`${nameOf(given)} is "${target}", which is no target`, example);
}

/** @param given the step itself */
export function runOf(given: Value, where: Where): Run {
  const run = valueIn(given, 'run');
  const words = textsOf(run, RUN).map((word) => textOf(word, RUN));
  const [program = ''] = words;
  if (program.trim() === '') throw invalid(`${nameOf(run)} is empty`, RUN);
  const isScript = typeof run.value === 'string';
  const trigger = triggerOf(valueIn(given, 'trigger'), where);
  return {
    argv: isScript ? ['sh', '-c', program] : words,
    written: words.join(' '),
    ...(trigger.length > 0 && { trigger }),
  };
}

/** An empty list is none, as in Tilt. */
function triggerOf(given: Value, where: Where): FileRule[] {
  if (given.value === undefined) return [];
  return textsOf(given, RUN).map((each) => fileRuleOf(each, where, RUN));
}

export function restartOf(given: Value): true {
  if (given.value === true) return true;
  throw invalid(
    `${nameOf(given)} is not true`,
    'Write { "restart": true }, or leave the step out.',
  );
}
