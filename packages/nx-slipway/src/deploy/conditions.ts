export interface Condition {
  readonly type?: string;
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
}

/** The conditions in the status of an object, which any controller may write. */
export function conditionsOf({
  status,
}: Readonly<Record<string, unknown>>): readonly Condition[] {
  const { conditions } = (status ?? {}) as { conditions?: unknown };
  return Array.isArray(conditions)
    ? (conditions as (Condition | null)[]).filter((each) => each !== null)
    : [];
}
