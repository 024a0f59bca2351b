import { optionPath } from '../values';
import type { Image, Step } from './types';

/** As project.json has them. @param root of the project, '' for the workspace's */
export function optionsOf(image: Image, root: string): Record<string, unknown> {
  const inProject = (path: string) => optionPath(path, root);
  const { ref, options, deps, ignore, dir, liveUpdate, imageDeps } = image;
  const { command, ...others } = options;
  const outputs = image.outputsImageRefTo;
  return {
    ref,
    command,
    ...(deps.length > 0 && { deps: [...new Set(deps.map(inProject))] }),
    ...(ignore.length > 0 && { ignore }),
    ...(dir !== root && { dir: inProject(dir) }),
    ...(outputs !== undefined && { outputsImageRefTo: inProject(outputs) }),
    ...(imageDeps.length > 0 && { imageDeps }),
    ...others,
    ...(liveUpdate.length > 0 && {
      liveUpdate: liveUpdate.map((step) => stepOption(step, inProject)),
    }),
  };
}

function stepOption(step: Step, inProject: (path: string) => string): object {
  if ('fallBackOn' in step) {
    return { fallBackOn: step.fallBackOn.map(inProject) };
  }
  if ('sync' in step) {
    const { from, to } = step.sync;
    return { sync: { from: inProject(from), to } };
  }
  if ('run' in step && step.trigger) {
    return { run: step.run, trigger: step.trigger.map(inProject) };
  }
  return step;
}
