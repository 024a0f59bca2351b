/** What stands in a load command for what it is about. */
export interface Variables {
  /** The ref, as Docker and the cluster have it. */
  readonly IMAGE: string;
  /** A node that lacks the image. */
  readonly NODE?: string;
  /** Path of a tar that `docker save` wrote. */
  readonly ARCHIVE?: string;
  readonly CONTEXT: string;
  readonly CLUSTER?: string;
  /** Socket of containerd. */
  readonly ADDRESS: string;
}

const NAME = /\$(?:\{(\w+)\}|(\w+))/g;
const NAMES = ['IMAGE', 'NODE', 'ARCHIVE', 'CONTEXT', 'CLUSTER', 'ADDRESS'];

/** Which of the variables stand in a command. */
export function namesIn(argv: readonly string[]): ReadonlySet<keyof Variables> {
  const found = argv.flatMap((word) =>
    [...word.matchAll(NAME)].map(([, braced, bare]) => braced ?? bare ?? ''),
  );
  return new Set(
    found.filter((name): name is keyof Variables => NAMES.includes(name)),
  );
}

/**
 * Puts values for `$NAME` and `${NAME}`, as whole words or parts of one. What
 * is no variable of ours, or has no value, stays as it is.
 */
export function expand(
  argv: readonly string[],
  variables: Variables,
): readonly string[] {
  return argv.map((word) =>
    word.replace(NAME, (whole, braced?: string, bare?: string) => {
      const name = braced ?? bare ?? '';
      if (!NAMES.includes(name)) return whole;
      return variables[name as keyof Variables] ?? whole;
    }),
  );
}
