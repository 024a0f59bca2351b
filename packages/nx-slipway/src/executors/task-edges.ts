/** Ids; since Nx 24 edges, which hold one. */
export type TaskEdges = Readonly<
  Record<string, readonly (string | { readonly id: string })[]>
>;

/** The tasks that one waits for, as a task graph has them. */
export function tasksBefore(
  task: string,
  graph: { readonly dependencies: unknown } | undefined,
): string[] {
  const edges = (graph?.dependencies ?? {}) as TaskEdges;
  return (edges[task] ?? []).map((edge) =>
    typeof edge === 'string' ? edge : edge.id,
  );
}
