import { assign, update } from './assignments';
import { changedNames } from './changed-names';
import { readFunction } from './function-body';
import { findCalls, innerReading } from './found-calls';
import { readInclude } from './includes';
import { readLoop } from './loops';
import { truthOf } from './operators';
import { type Reading, lineIn, tell } from './reading';
import { lose } from './scope';
import { callStatement } from './call-statement';
import type { Syntax } from './syntax';
import { valueOf } from './values';

type Read = (node: Syntax, reading: Reading) => void;

const STATEMENTS: Record<string, Read> = {
  ExpressionStatement: ({ nodes }, reading) => {
    for (const node of nodes) expression(node, reading);
  },
  ReturnStatement: ({ nodes }, reading) => {
    for (const node of nodes.slice(1)) expression(node, reading);
  },
  StatementGroup: (node, reading) => readBlock(node, reading),
  AssignStatement: assign,
  UpdateStatement: update,
  IfStatement: readIf,
  ForStatement: (node, reading) => readLoop(node, reading, readBlock),
  WhileStatement: (node, reading) => readLoop(node, reading, readBlock),
  FunctionDefinition: (node, reading) => readFunction(node, reading, readBlock),
  PassStatement: () => undefined,
  BreakStatement: () => undefined,
  ContinueStatement: () => undefined,
};

/** The statements of a file or of an indented block, one after the other. */
export function readBlock({ nodes }: Syntax, reading: Reading): void {
  for (const node of nodes) {
    const read = STATEMENTS[node.name];
    if (read) read(node, reading);
    else if (/^[A-Z]\w+(Statement|Definition)$/.test(node.name)) {
      readForeign(node, reading);
    }
  }
}

function expression(node: Syntax, reading: Reading): void {
  if (node.name !== 'CallExpression') findCalls(node, reading);
  else if (!readInclude(node, reading)) callStatement(node, reading);
}

/** A statement of Python's that Starlark has not: its calls are told of. */
function readForeign(node: Syntax, reading: Reading): void {
  const [first] = node.nodes;
  const what = first && /^[a-z]+$/.test(first.name) ? first.name : 'statement';
  tell('syntax', `Starlark has no such ${what}`, node, reading);
  const inner = innerReading('if', node, reading);
  for (const part of node.nodes) {
    if (part.name === 'Body') readBlock(part, inner);
    else findCalls(part, inner);
  }
  lose(
    changedNames(node, reading.source),
    reading.scope,
    (name) => `${name} is set where no Starlark is (${lineIn(node)})`,
  );
}

/** Branches, the one that is known to be taken, and those that may be. */
function readIf({ nodes }: Syntax, reading: Reading): void {
  let isOpen = false;
  let isOver = false;
  for (const [at, branch] of nodes.entries()) {
    const { name } = branch;
    if (name !== 'if' && name !== 'elif' && name !== 'else') continue;
    const condition = name === 'else' ? undefined : nodes[at + 1];
    const body = nodes[condition ? at + 2 : at + 1];
    if (condition) findCalls(condition, reading);
    const isTrue = condition ? truthOf(valueOf(condition, reading)) : true;
    if (body?.name !== 'Body') continue;
    if (isTrue && !isOpen && !isOver) readBlock(body, reading);
    else readMaybe(branch, body, reading, isTrue !== false && !isOver);
    if (isTrue) isOver = true;
    else if (isTrue === undefined) isOpen = true;
  }
}

/** A body that may run, or never does. What it may set is lost then. */
function readMaybe(
  node: Syntax,
  body: Syntax,
  reading: Reading,
  mayRun: boolean,
): void {
  readBlock(body, innerReading('if', node, reading));
  if (!mayRun) return;
  lose(
    changedNames(body, reading.source),
    reading.scope,
    (name) => `${name} is set in an if (${lineIn(node)})`,
  );
}
