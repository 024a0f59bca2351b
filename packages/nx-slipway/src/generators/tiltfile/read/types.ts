/** Where something stands: from 1, columns as JavaScript counts characters. */
export interface Place {
  /** From the workspace root, with `/`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

interface Written {
  readonly place: Place;
  /** As written: the file has it at `place`. */
  readonly text: string;
}

/** What an expression is without running anything. */
export type Value =
  | StringValue
  | PathValue
  | NumberValue
  | BoolValue
  | NoneValue
  | ListValue
  | DictValue
  | CallValue
  | ComputedValue;

/** Constants of Tilt's, as TRIGGER_MODE_MANUAL, are their own names. */
export interface StringValue extends Written {
  readonly kind: 'string';
  readonly value: string;
}

/**
 * A path that is absolute in Tilt, as of `os.getcwd()`, `config.main_dir` and
 * `os.path.abspath()`: here from the workspace root, whose own path is ''.
 */
export interface PathValue extends Written {
  readonly kind: 'path';
  readonly path: string;
}

export interface NumberValue extends Written {
  readonly kind: 'number';
  readonly value: number;
}

export interface BoolValue extends Written {
  readonly kind: 'bool';
  readonly value: boolean;
}

export interface NoneValue extends Written {
  readonly kind: 'none';
}

/** A list or a tuple. */
export interface ListValue extends Written {
  readonly kind: 'list';
  readonly items: readonly Value[];
}

/** In the order of the file; of a key that is there twice, the last. */
export interface DictValue extends Written {
  readonly kind: 'dict';
  readonly entries: ReadonlyArray<{
    readonly key: Value;
    readonly value: Value;
  }>;
}

/** What a call gives that is no literal: `kustomize('k8s')`, `sync(a, b)`. */
export interface CallValue extends Written, Arguments {
  readonly kind: 'call';
  readonly name: string;
  readonly dir: string;
}

/** What only running the Tiltfile would tell. */
export interface ComputedValue extends Written {
  readonly kind: 'computed';
  /** A clause that completes "not read: ", without a full stop. */
  readonly why: string;
}

export interface Arguments {
  /** `*args` that are not read are one computed value among these. */
  readonly args: readonly Value[];
  /** `**options` that are not read are one computed value of the name `**`. */
  readonly named: ReadonlyMap<string, Value>;
}

/** What a call stands in, so that only running tells whether it is made. */
export interface Within {
  readonly kind: 'if' | 'for' | 'def' | 'comprehension' | 'lambda';
  readonly place: Place;
  /** Its first line: `if cfg.get('debug'):`. */
  readonly text: string;
}

export interface Call extends Written, Arguments {
  /**
   * As written, `k8s_yaml` or `config.parse`; `ext://NAME:SYMBOL` where the
   * symbol comes from an extension, whatever it is called here.
   */
  readonly name: string;
  /** The folder of its Tiltfile, which its paths count from; '' is the root. */
  readonly dir: string;
  /**
   * Outermost first; empty where the call is always made. An if that is known
   * not to be taken is one, too.
   */
  readonly within: readonly Within[];
  /** Where the function is defined, if it is one of the user's own. */
  readonly definedAt?: Place;
  /** The call of a user's own function, in whose body this one stands. */
  readonly calledAt?: Place;
}

/** Something about a Tiltfile that no call stands for. */
export interface Note extends Written {
  /**
   * `refused`: a whole file that is not there, too large or not UTF-8;
   * `syntax`: what is no Starlark; `load`: a load that was not read;
   * `limit`: what is too deep or too much; `assumed`: what was taken to be so,
   * as only a run would tell, and decided what was read.
   */
  readonly kind: 'refused' | 'syntax' | 'load' | 'limit' | 'assumed';
  /** A clause, as of a computed value. */
  readonly why: string;
}

export interface TiltfileText {
  /**
   * Each call that is a statement or the value of a name, in the order of the
   * text, included files where they are included. A call whose value another
   * takes is an argument there and not here. Calls in a loop or a function of
   * the user's own are here once for each round and each call of it, where
   * those are known, and then the call of the function is not.
   */
  readonly calls: readonly Call[];
  readonly notes: readonly Note[];
  /** All files that were read, this one first. */
  readonly files: readonly string[];
}

/** What can be read: a Tree of Nx is one. Paths from the workspace root. */
export interface TiltFiles {
  read(path: string): Uint8Array | null;
  /** Whether there is a file or a folder; left out, only a run knows. */
  exists?(path: string): boolean;
}
