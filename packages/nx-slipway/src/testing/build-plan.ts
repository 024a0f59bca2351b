import { join } from 'node:path';
import type { BuildPlan } from '../build';
import { hostPlatform, parseReference } from '../image';
import { registryAt } from './registry-option';

export interface PlanParts {
  /** Absolute: the workspace. */
  readonly root: string;
  readonly name: string;
  readonly command: string;
  /** The registry that is pushed to. */
  readonly host: string;
}

/** A plan as the executor makes it of the defaults, with no deps. */
export function defaultPlan(parts: PlanParts): BuildPlan {
  const { root, name, command, host } = parts;
  const recordFile = join(root, `.nx/slipway/${name}.json`);
  return {
    root,
    imageName: parseReference(name),
    command,
    dir: root,
    env: {},
    deps: {
      root,
      projectRoot: root,
      manifests: [],
      deps: [],
      ignore: [],
      outputs: [recordFile],
    },
    facts: {
      dir: '',
      envInputs: {},
      store: 'docker',
      tag: '',
      output: '',
      naming: 'escape',
      singleName: '',
      pluginVersion: '0.0.0',
    },
    platform: hostPlatform(process.arch),
    store: 'docker',
    source: { kind: 'expected' },
    imageDeps: [],
    registry: registryAt(host),
    push: true,
    pin: 'both',
    tagPrefix: 'nx',
    keep: 5,
    recordFile,
  };
}
