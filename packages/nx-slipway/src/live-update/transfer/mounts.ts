/** A line of /proc/self/mounts: proc_pid_mounts(5). */
const MOUNT = /^\S+ (\/\S*) \S+ \S+ \d+ \d+$/;

/** @returns where it is mounted; undefined: this is no such line */
export function mountPoint(line: string): string | undefined {
  const [, point] = MOUNT.exec(line) ?? [];
  // Blanks, line ends and backslashes are written in octal; UTF-8 is as it is.
  return point?.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

/**
 * Whether a folder is of another file system than one that it is below, so that
 * nothing can be renamed from there to here.
 */
export function isFar(
  folder: string,
  above: string,
  mounts: readonly string[],
): boolean {
  return mounts.some(
    (point) => isIn(point, above) && point !== above && isIn(folder, point),
  );
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
