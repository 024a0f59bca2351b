/** Which project is deployed after which, never in a circle. */
export interface Order {
  /** @returns whether it holds now */
  put(name: string, after: string): boolean;
  of(name: string): string[];
}

export function noOrder(): Order {
  const edges = new Map<string, Set<string>>();
  const of = (name: string) => [...(edges.get(name) ?? [])];
  const reaches = (from: string, to: string): boolean =>
    from === to || of(from).some((next) => reaches(next, to));
  return {
    of,
    put: (name, after) => {
      if (reaches(after, name)) return false;
      edges.set(name, new Set([...of(name), after]));
      return true;
    },
  };
}
