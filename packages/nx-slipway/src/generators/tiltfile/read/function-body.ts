import { namesIn } from './changed-names';
import { findCalls, innerReading } from './found-calls';
import type { OwnFunction } from './own-function';
import type { Reading } from './reading';
import { emptyScope, lose, type Scope } from './scope';
import { originOf, placeOf, textOf } from './source-text';
import type { Syntax } from './syntax';

type ReadBlock = (body: Syntax, reading: Reading) => void;

/**
 * A function of the user's own. Its calls are made when it is called. Where no
 * call of it is followed its body is read, when every name is known.
 */
export function readFunction(
  node: Syntax,
  reading: Reading,
  readBlock: ReadBlock,
): void {
  const { source, scope, session } = reading;
  const [, name] = node.nodes;
  const params = node.nodes.find((part) => part.name === 'ParamList');
  const body = node.nodes.find((part) => part.name === 'Body');
  if (!name || name.name !== 'VariableName') return;
  if (params) findCalls(params, reading);
  if (!body) return;
  const own: OwnFunction = {
    node,
    params,
    body,
    reading,
    readBody: (inner) => readBlock(body, inner),
    isMade: false,
  };
  const place = placeOf(node, source);
  scope.set(textOf(name, source), { kind: 'function', place, own });
  session.later.push(() => {
    if (own.isMade) return;
    const origin = originOf(node, source);
    session.making.add(origin);
    const around = { ...reading, scope: settled(scope, reading) };
    const inner = innerReading('def', node, around);
    const given = params ? namesIn([params], source) : [];
    lose(given, inner.scope, (one) => `${one} is what the def is called with`);
    readBlock(body, inner);
    session.making.delete(origin);
  });
}

/** Names that stay as they are, whenever a function asks. */
function settled(scope: Scope, { changes }: Reading): Scope {
  const get: Scope['get'] = (name) => {
    const bound = scope.get(name);
    const isSettled = !bound || (changes.get(name) ?? 0) <= 1;
    const why = `${name} is set more than once`;
    return isSettled ? bound : { kind: 'lost', why };
  };
  const own: Scope = {
    get,
    set: (name, binding) => scope.set(name, binding),
    inner: () => emptyScope(own),
  };
  return own;
}
