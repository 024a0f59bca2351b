import picomatch from 'picomatch';

/** What one dep holds: a file, a folder, or what of a folder a glob matches. */
export interface Area {
  /** Below the workspace root, with `/`; empty is that itself. */
  readonly base: string;
  /** `either`: nothing is there yet. */
  readonly kind: 'file' | 'folder' | 'either' | 'glob';
  /** Of a glob, relative to `base`. */
  readonly glob?: string;
  /** Patterns of dockerignore, relative to `base`. */
  readonly ignore: readonly string[];
  /** Globs below the workspace root that are left out besides. */
  readonly leftOut: readonly string[];
}

/** What means something in a glob of Nx. */
const SPECIAL = /[[\]{}()*?\\]/g;
/** A glob that means the same to picomatch and to Nx, which has another matcher. */
const PLAIN = /^(?:[\w\-. /*?]|\{[\w\-.]+(?:,[\w\-.]+)+\})*$/;
/** `**` within a name: to some it crosses folders, to some it does not. */
const GLUED = /[^/]\*\*|\*\*[^/]/;

/** A path as a glob that matches it; what means something there matches any character. */
export function literal(path: string): string {
  return path.replace(SPECIAL, '?');
}

/** Whether a pattern means the same to us and to Nx. */
export function isPlain(pattern: string): boolean {
  return PLAIN.test(pattern) && !GLUED.test(pattern);
}

/** Globs of Nx below the workspace root: what they match is never too little. */
export function globsOf({ base, kind, glob = '' }: Area): string[] {
  const within = (rest: string) => joined(literal(base), rest);
  switch (kind) {
    case 'file':
      return [literal(base)];
    case 'folder':
      return [within('**/*')];
    case 'either':
      return [literal(base), within('**/*')];
    case 'glob':
      return [within(isPlain(glob) ? glob : '**/*')];
  }
}

/** Whether a file may be in an area and match a glob. Rather yes than no. */
export function mayMeet({ base, kind }: Area, glob: string): boolean {
  if (kind !== 'folder' && kind !== 'glob' && matches(glob, base)) return true;
  return kind !== 'file' && mayLieBelow(base, glob);
}

/** Whether files below a folder may match: of `k8s/*.yaml`, none below `src`. */
export function mayLieBelow(folder: string, glob: string): boolean {
  if (folder === '' || !isPlain(glob)) return true;
  const parts = glob.split('/');
  for (const [index, name] of folder.split('/').entries()) {
    const part = parts[index];
    if (part?.includes('**')) return true;
    if (part === undefined || !matches(part, name)) return false;
  }
  return true;
}

export function matches(glob: string, path: string): boolean {
  return compiled(glob)(path);
}

const known = new Map<string, (path: string) => boolean>();
/** More are of paths of single projects, which nobody asks for again. */
const MAX_KNOWN = 1000;

/** Of thousands of projects most have the same globs. */
function compiled(glob: string) {
  const matcher = known.get(glob) ?? matcherOf(glob);
  if (known.size < MAX_KNOWN) known.set(glob, matcher);
  return matcher;
}

/** What picomatch refuses, an empty glob or one that is too long, may match anything. */
function matcherOf(glob: string): (path: string) => boolean {
  try {
    return picomatch(glob, { dot: true });
  } catch {
    return () => true;
  }
}

/** Whether a path is a folder, or lies in it. Both below the root; '' is that. */
export function isWithin(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

export function joined(base: string, rest: string): string {
  return base === '' ? rest : `${base}/${rest}`;
}
