import type { OwnFunction } from './own-function';
import type { Place, Value } from './types';

/** What a name stands for. */
export type Binding =
  | { readonly kind: 'value'; readonly value: Value }
  /** A function of the user's own. */
  | {
      readonly kind: 'function';
      readonly place: Place;
      readonly own: OwnFunction;
    }
  /** Another name of a function of Tilt's, or of an extension's. */
  | { readonly kind: 'symbol'; readonly name: string }
  /** Only a run would tell. */
  | { readonly kind: 'lost'; readonly why: string };

/** Names, those of the block around included. */
export interface Scope {
  get(name: string): Binding | undefined;
  /** In this block alone: the one around does not see it. */
  set(name: string, binding: Binding): void;
  /** For a block that may not run, or run more than once. */
  inner(): Scope;
}

export function emptyScope(around?: Scope): Scope {
  const own = new Map<string, Binding>();
  const scope: Scope = {
    get: (name) => own.get(name) ?? around?.get(name),
    set: (name, binding) => void own.set(name, binding),
    inner: () => emptyScope(scope),
  };
  return scope;
}

export function lose(names: Iterable<string>, scope: Scope, why: Why): void {
  for (const name of names) scope.set(name, { kind: 'lost', why: why(name) });
}
type Why = (name: string) => string;
