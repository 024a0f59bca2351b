import type { Call } from '../read';
import { earthly, koBuild, nix, pack } from './build-tools';
import { kim, kubectlBuild, nerdctl, podman } from './container-engines';
import { customBuild, PARAMETERS } from './custom-build';
import { DOCKER_PARAMETERS, dockerBuild } from './docker-build';
import { fileSyncOnly } from './file-sync-only';
import type { Made } from './types';
import { withRestart, withRestartParameters } from './with-restart';

const PODMAN = [
  ...['ignore', 'extra_flags', 'deps', 'live_update', 'push_extra_flags'],
];
const EARTHLY = [
  ...['deps', 'ignore', 'extra_flags', 'extra_args', 'live_update'],
];

/**
 * What extensions of Tilt build images with: each becomes the command that the
 * extension itself would have run.
 */
export const EXTENSIONS: Readonly<Record<string, (call: Call) => Made>> = {
  'restart_process:docker_build_with_restart': (call) =>
    withRestart(
      call,
      dockerBuild(
        call,
        withRestartParameters(['ref', 'context'], DOCKER_PARAMETERS),
      ),
    ),
  'restart_process:custom_build_with_restart': (call) =>
    withRestart(
      call,
      customBuild(
        call,
        withRestartParameters(['ref', 'command', 'deps'], PARAMETERS),
      ),
    ),
  'ko:ko_build': koBuild,
  'pack:pack': pack,
  'podman:podman_build': (call) => podman(call, ['ref', 'context', ...PODMAN]),
  'podman:podman_build_with_restart': (call) =>
    withRestart(
      call,
      podman(call, ['ref', 'context', 'entrypoint', ...PODMAN]),
    ),
  'nerdctl:nerdctl_build': nerdctl,
  'kubectl_build:kubectl_build': kubectlBuild,
  'kubectl_build:image_build': kubectlBuild,
  'kim:kim_build': kim,
  'earthly:earthly_build': (call) =>
    earthly(call, ['context', 'target', 'ref', 'image_arg', ...EARTHLY]),
  'earthly:earthly_build_with_restart': (call) =>
    withRestart(
      call,
      earthly(call, [
        ...['context', 'target', 'ref', 'image_arg', 'entrypoint', ...EARTHLY],
        ...['base_suffix', 'restart_file', 'trigger', 'exit_policy'],
      ]),
    ),
  'nix:build_nix_image': nix,
  'file_sync_only:file_sync_only': fileSyncOnly,
};
