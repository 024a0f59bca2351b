import { fieldsOf, inputEntries, type InputContext } from './input-entries';

/** What Nx takes where a target has no `inputs`. */
const DEFAULT_INPUTS = ['default', '^default'];

/**
 * The `{ "env": NAME }` inputs of a target, each once, those in named inputs
 * too. What Nx would take for a pattern of projects may mean any of them:
 * a variable too many costs a build, one too few a wrong image.
 */
export function envInputsOf(
  inputs: readonly unknown[] = DEFAULT_INPUTS,
  project: string,
  context: InputContext,
): string[] {
  const entries = inputEntries(inputs, project, context, {
    // Nx has refused what is no input; the rest are filesets.
    input: () => [],
    project: () => Object.keys(context.projectsConfigurations.projects),
  });
  const names = entries.flatMap(({ entry }) => {
    const { env } = fieldsOf(entry);
    return typeof env === 'string' ? env : [];
  });
  return [...new Set(names)];
}
