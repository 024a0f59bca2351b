import type { NxJsonConfiguration } from '@nx/devkit';
import { asObject } from './as-written';

type Written = Readonly<Record<string, unknown>>;

/** nx.json, as far as the graph looks at it. */
export interface NxJson {
  readonly namedInputs: Written;
  /** Undefined if there are none, of which thousands of targets ask. */
  readonly targetDefaults: Written | undefined;
  /** Whether it names plugins beside this one, which may infer targets, too. */
  readonly hasOtherPlugins: boolean;
}

export function nxJsonOf({
  namedInputs,
  targetDefaults,
  plugins,
}: NxJsonConfiguration): NxJson {
  const defaults = asObject(targetDefaults);
  const isEmpty = Object.keys(defaults).length === 0;
  return {
    namedInputs: asObject(namedInputs),
    targetDefaults: isEmpty ? undefined : defaults,
    hasOtherPlugins: Array.isArray(plugins) && plugins.length > 1,
  };
}
