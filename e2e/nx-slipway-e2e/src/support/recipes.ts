import type { Fixture } from './builders';

/** A project that is given its target by a recipe, and built by the real tool. */
export interface RecipeCase {
  /** The project. */
  readonly id: string;
  readonly fixture: Fixture;
  /** More files, by their paths. */
  readonly files?: Readonly<Record<string, string>>;
  /** Of `nx g nx-slipway:custom-build`; without --builder the files tell. */
  readonly args?: readonly string[];
  /** What its user then adds to the target's options. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Of the page that is served. */
  readonly manifest?: readonly string[];
  /** After the registry's host; see Builder. */
  readonly deployed: string;
  /** What only this tool says, and only when it builds. */
  readonly said?: RegExp;
}

const BY_CONTENT = '<content>@<digest>';
const PORT = ['--port=8080'];

/** A script that can be told no ref: it always gives its image the same one. */
const HARD_CODED = `#!/bin/sh
set -eu
docker build -q -t recipe-tag:dev .
`;

/** One that chooses a tag by itself, pushes, and writes down which. */
const OWN_REF = `#!/bin/sh
set -eu
ref=$REGISTRY_HOST/recipe-ref:v$(cat Dockerfile index.html | cksum | cut -d' ' -f1)
docker build -q -t "$ref" .
docker push -q "$ref"
echo "$ref" > ref.txt
`;

export const RECIPE_CASES: readonly RecipeCase[] = [
  {
    id: 'docker',
    fixture: 'frontend',
    options: { env: { DOCKER_BUILDKIT: '0' } },
    deployed: `docker:${BY_CONTENT}`,
    said: /^Step 1\/4 : FROM busybox/m,
  },
  {
    id: 'buildkit',
    fixture: 'frontend',
    // Debian's CLI, which needs no buildx for it.
    options: { env: { DOCKER_BUILDKIT: '1', PATH: '/usr/bin:/bin' } },
    deployed: `buildkit:${BY_CONTENT}`,
    said: /^#\d+ \[internal\] load build definition/m,
  },
  {
    id: 'buildah',
    fixture: 'frontend',
    args: ['--builder=buildah'],
    deployed: `buildah:${BY_CONTENT}`,
    said: /^STEP 1\/4: FROM busybox/m,
  },
  {
    id: 'podman',
    fixture: 'frontend',
    args: ['--builder=podman'],
    deployed: `podman:${BY_CONTENT}`,
    said: /^Successfully tagged \S+\/podman:/m,
  },
  {
    id: 'ko',
    fixture: 'ko',
    args: ['--set=to=registry'],
    manifest: PORT,
    deployed: `ko:${BY_CONTENT}`,
    said: /Building example\.com\/app for linux/,
  },
  {
    id: 'jib',
    fixture: 'jib',
    args: ['--set=to=registry', '--set=arguments=-q'],
    manifest: PORT,
    deployed: `jib:${BY_CONTENT}`,
  },
  {
    id: 'bazel',
    fixture: 'bazel',
    args: [
      '--set=target=//snack:image',
      '--set=loaded=bazel/snack:image',
      '--set=arguments=-- --norun',
    ],
    manifest: PORT,
    deployed: `bazel:${BY_CONTENT}`,
    said: /Build completed successfully/,
  },
  {
    id: 'hard-coded',
    fixture: 'frontend',
    files: { 'build.sh': HARD_CODED },
    args: ['--builder=script', '--ref=recipe-tag', '--set=tag=dev'],
    deployed: `recipe-tag:${BY_CONTENT}`,
  },
  {
    id: 'own-ref',
    fixture: 'frontend',
    files: { 'build.sh': OWN_REF },
    args: ['--builder=script', '--set=refFile=ref.txt'],
    deployed: 'recipe-ref:v<sum>@<digest>',
  },
];
