import { optionsOf } from '../testing/plan';

describe('images of extensions', () => {
  it.each([
    [
      'ko',
      "ko_build('web', './cmd/web', deps=['cmd', 'go.mod'])",
      {
        command: [
          'bash',
          '-c',
          'set -eo pipefail;\nIMAGE=$(ko publish --local ./cmd/web);\ndocker tag $IMAGE $EXPECTED_REF',
        ],
      },
    ],
    [
      'ko',
      "ko_build('web', 'example.com/web', ['web'])",
      {
        command: [
          'bash',
          '-c',
          'set -eo pipefail;\ngo get example.com/web;\nIMAGE=$(ko publish --local example.com/web);\ndocker tag $IMAGE $EXPECTED_REF',
        ],
      },
    ],
    [
      'pack',
      "pack('web', path='web', env_vars=['A=b c'])",
      {
        ref: 'web',
        deps: ['.'],
        command:
          "pack build web:pack-cache --docker-host inherit --path web --builder docker.io/paketobuildpacks/builder:base --pull-policy if-not-present --env 'A=b c' --env BP_LIVE_RELOAD_ENABLED=true && docker tag web:pack-cache $EXPECTED_REF",
      },
    ],
    [
      'podman',
      "podman_build('web', 'web', extra_flags=['--squash'], push_extra_flags=['--tls-verify=false'])",
      {
        command:
          'podman build -t $EXPECTED_REF --squash web && podman push --tls-verify=false --format=docker $EXPECTED_REF',
        skipsLocalDocker: true,
      },
    ],
    [
      'nerdctl',
      "nerdctl_build('web', 'web', target='dev')",
      {
        command:
          'nerdctl --namespace k8s.io build -t $EXPECTED_REF --target dev web',
        skipsLocalDocker: true,
        disablePush: true,
      },
    ],
    [
      'kim',
      "kim_build('web', 'web')",
      {
        command: 'kim build -t $EXPECTED_REF web',
        skipsLocalDocker: true,
        disablePush: true,
      },
    ],
    [
      'kubectl_build',
      "image_build('web', 'web', build_args={'A': 'b'})",
      {
        command: 'kubectl build -t $EXPECTED_REF --build-arg A=b web',
        skipsLocalDocker: true,
        disablePush: true,
      },
    ],
    [
      'earthly',
      "earthly_build('web', '+image', 'web', 'ref', extra_args=['--PORT=80'])",
      {
        command: 'cd web && earthly +image --ref=$EXPECTED_REF --PORT=80',
        deps: ['.'],
      },
    ],
    [
      'nix',
      "build_nix_image('web', 'web', 'image', ['web'])",
      {
        command:
          'IMAGE=$(docker load -q -i "$(nix-build --no-out-link --attr image web)" | sed \'s/^Loaded image[^:]*: //\') && docker tag "$IMAGE" $EXPECTED_REF',
      },
    ],
    [
      'file_sync_only',
      "file_sync_only('nginx:1.17', manifests=['k8s/nginx.yaml'], deps=['web'], live_update=[sync('web', '/www')])",
      {
        ref: 'nginx',
        command: ':',
        liveUpdate: [{ sync: { from: '.', to: '/www' } }],
      },
    ],
  ])('%s: %s', (extension, call, options) => {
    const [name = ''] = call.split('(');
    const text = `load('ext://${extension}', '${name}')\n${call}`;
    expect(optionsOf(text)).toMatchObject(options);
  });
});
