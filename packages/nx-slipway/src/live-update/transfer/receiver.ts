/** Whose receiver it is, and which of its receivers. */
export interface Receiver {
  /** Of the container: no other's, also where volumes or processes are shared. */
  readonly id: string;
  /** Counts up: an older one of a container ends when a newer one begins. */
  readonly ordinal: number;
  /** Where the container's files are: empty, or as a helper sees them. */
  readonly root: '' | typeof HELPED_ROOT;
}

/** Of the container whose processes a helper shares: proc_pid_root(5). */
export const HELPED_ROOT = '/proc/1/root';

/** The name of what is staged, beside where it goes. */
export function stagingName(id: string): string {
  return `.nx-slipway-${id}`;
}

/** What receivers are found by, before their ids. */
export const MARK = ': nx-slipway live';

/**
 * Reads a program, up to a line with a dot, and runs it: what is in the URL of
 * an exec stays short, for proxies that take no long one. Its first line is what
 * others find it by.
 */
export function receiverCommand({
  id,
  ordinal,
}: Pick<Receiver, 'id' | 'ordinal'>): string[] {
  const script = `${MARK} ${id} ${ordinal}
s=
while IFS= read -r l; do
if [ "$l" = . ]; then eval "$s"; exit; fi
s="$s$l
"
done`;
  return ['sh', '-c', script];
}
