import { calleeOf } from './call-name';
import { argumentsOf } from './call-value';
import { fileOf } from './paths';
import { type Reading, tell } from './reading';
import { readFile } from './read-file';
import { lose, type Scope } from './scope';
import { textOf } from './source-text';
import { stringOf } from './string-literal';
import { type Syntax, withoutCommas } from './syntax';
import type { Value } from './types';

const EXTENSION = 'ext://';

/** `include(path)` and `load(path, names…)`; `false` for any other call. */
export function readInclude(node: Syntax, reading: Reading): boolean {
  const [callee, list] = node.nodes;
  if (!callee) return false;
  const form = calleeOf(callee, reading.source, reading.scope);
  if (form.kind !== 'function' || form.root) return false;
  if (form.name !== 'include' && form.name !== 'load') return false;
  const [path] = argumentsOf(list, reading).args;
  const isExtension =
    path?.kind === 'string' && path.value.startsWith(EXTENSION);
  if (isExtension) bindExtension(path.value, node, reading);
  else bindFile(path, node, reading);
  return true;
}

function bindExtension(from: string, node: Syntax, reading: Reading): void {
  for (const { alias, symbol } of symbolsOf(node, reading)) {
    reading.scope.set(alias, { kind: 'symbol', name: `${from}:${symbol}` });
  }
}

function bindFile(
  path: Value | undefined,
  node: Syntax,
  reading: Reading,
): void {
  const symbols = symbolsOf(node, reading);
  const scope = read(path, node, reading);
  for (const { alias, symbol } of symbols) {
    const bound = scope?.get(symbol);
    if (bound) reading.scope.set(alias, bound);
    else
      lose(
        [alias],
        reading.scope,
        () => `${alias} comes of a load that is not read`,
      );
    if (scope && !bound) {
      tell('load', `${symbol} is not set in what is loaded`, node, reading);
    }
  }
}

/** A file's names at its end; its calls are told of where it is included. */
function read(
  path: Value | undefined,
  node: Syntax,
  reading: Reading,
): Scope | undefined {
  const { session, source } = reading;
  const file = fileOf(path, source.dir);
  const refuse = (why: string) => {
    tell('load', why, node, reading);
    return undefined;
  };
  if (typeof file === 'object') return refuse(file.why);
  const known = session.read.get(file);
  if (known === 'open') return refuse(`${file} includes itself in the end`);
  if (known) return known;
  if (session.read.size >= MOST_FILES) return refuse('it is one file too many');
  const found = readFile(file, session, reading.within);
  if ('why' in found) return refuse(`${file}: ${found.why}`);
  reading.found(node.from, found.found);
  return found.scope;
}
const MOST_FILES = 200;

/** `'name'` and `alias='name'` behind the path. */
function symbolsOf(node: Syntax, { source }: Reading) {
  const list = withoutCommas(node.nodes[1]?.nodes.slice(1, -1) ?? []);
  const symbols = [];
  for (let at = 1; at < list.length; at += 1) {
    const [first, second, third] = list.slice(at, at + 3);
    const isAlias = second?.name === 'AssignOp';
    const text = isAlias ? third : first;
    const symbol = text && stringOf(textOf(text, source));
    if (symbol === undefined || !first) continue;
    symbols.push({ alias: isAlias ? textOf(first, source) : symbol, symbol });
    if (isAlias) at += 2;
  }
  return symbols;
}
