/** What an image runs, as its config has it. */
export interface ProcessConfig {
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  /** Undefined: nobody can look. */
  readonly hasShell?: boolean;
}

/** What a container says of its own command. Empty is as if not there. */
export interface ContainerCommand {
  readonly command?: readonly string[] | null;
  readonly args?: readonly string[] | null;
}

/**
 * What a container runs, as its `command` alone would say it: its own command,
 * else the image's; its own args, else the image's, if the command is, too
 * (https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/#notes).
 * @returns empty if nothing says it
 */
export function ownCommand(
  { command, args }: ContainerCommand,
  { entrypoint, cmd }: ProcessConfig,
): string[] {
  if (command?.length) return [...command, ...(args ?? [])];
  // Of Dockerfiles that take away the entrypoint of what they build on.
  const isReset = entrypoint.length === 1 && entrypoint[0] === '';
  const program = isReset ? [] : literally(entrypoint);
  return [...program, ...(args?.length ? args : literally(cmd))];
}

/**
 * As a container's command that means the same: Kubernetes replaces `$(NAME)`
 * in it, and takes `$$` for `$`, both of which images do not.
 */
export function literally(argv: readonly string[]): string[] {
  return argv.map((each) => each.replaceAll('$', '$$$$'));
}
