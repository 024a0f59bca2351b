type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What Nx tells the task that it runs, of itself: a run of its own in there
 * would take it for its own. By the root's id it finds tasks that run
 * themselves, so that a second run of a task would look like one.
 */
const OF_A_TASK =
  /^(?:LERNA_PACKAGE_NAME|NX_(?:TASK_.*|TERMINAL_.*|STREAM_OUTPUT|PREFIX_OUTPUT|WORKSPACE_ROOT|INVOKED_BY_RUNNER|INVOCATION_.*|READY_.*|CLI_SET|SET_CLI|TUI|TUI_.*|FORKED_.*|PSEUDO_.*|ORIGINAL_FORCE_COLOR|DEFAULT_OUTPUT_STYLE))$/;

/**
 * The environment of Nx for a run that a user could have started: without what
 * Nx has set for our own task, and with neither colours nor its terminal UI.
 */
export function nxEnvironment(env: Environment): Environment {
  const own = Object.entries(env).filter(([name]) => !OF_A_TASK.test(name));
  return {
    ...Object.fromEntries(own),
    NX_TUI: 'false',
    FORCE_COLOR: '0',
  };
}
