/**
 * A command of Tilt's guide or of one of its extensions that no recipe writes,
 * and what comes of it.
 */
export interface Builder {
  /** The project, and the image name unless `options` has another. */
  readonly id: string;
  /** The folder of fixtures that its project is made of. */
  readonly fixture: Fixture;
  readonly options: Readonly<Record<string, unknown>>;
  /** After the registry's host; `<content>` and `<digest>` stand for theirs. */
  readonly deployed: string;
  /** Which build must have ended before: two would write into one cache. */
  readonly after?: string;
}

export type Fixture = 'frontend' | 'jib' | 'ko' | 'bazel';

const BY_CONTENT = '<content>@<digest>';

const PATTERNS: Readonly<Record<string, string>> = {
  '<content>': 'nx-[0-9a-f]{16}',
  '<digest>': 'sha256:[0-9a-f]{64}',
  '<sum>': '[0-9]+',
};

export function deployedPattern(host: string, deployed: string): RegExp {
  const path = deployed.replace(/<\w+>/g, (token) => PATTERNS[token] ?? token);
  return new RegExp(`^${host}/${path}$`);
}

/** The last line that the target printed; all that it did, where it failed. */
export const refIn = (output: string): string =>
  output.match(/^registry\.\S+$/gm)?.at(-1) ?? output;

const KO_DEPS = ['go.mod', 'main.go', 'kodata'];

/** In the shape of buildx's --metadata-file; of the image that the script pushed. */
const BUILDX_METADATA = `{
  "buildx.build.ref": "default/default/0fjb6ubs52xx3vygf6fgdl611",
  "containerimage.config.digest": "'$CONFIG'",
  "containerimage.descriptor": {
    "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
    "digest": "'$DIGEST'",
    "size": 735
  },
  "containerimage.digest": "'$DIGEST'",
  "image.name": "'$IMAGE'"
}`;

export const BUILDERS: readonly Builder[] = [
  frontend(
    'dumped',
    'docker build -t $EXPECTED_REF frontend && tilt dump image-deploy-ref $EXPECTED_REF > deploy-ref.txt',
  ),
  frontend(
    'buildx',
    [
      'set -e',
      'IMAGE=$REGISTRY_HOST/buildx:dev',
      'docker build -t $IMAGE frontend',
      'DIGEST=$(docker push $IMAGE | grep -o "sha256:[0-9a-f]\\{64\\}")',
      'CONFIG=$(docker inspect -f "{{.Id}}" $IMAGE)',
      // The image stays, for others' builds may read it just now.
      'docker tag $IMAGE kept/buildx',
      'docker rmi $IMAGE',
      `echo '${BUILDX_METADATA}' > metadata.json`,
    ].join('\n'),
    { outputsImageRefTo: 'metadata.json', skipsLocalDocker: true },
    'buildx:dev@<digest>',
  ),
  {
    id: 'jib',
    fixture: 'jib',
    options: {
      command: './gradlew jibDockerBuild --image $EXPECTED_REF',
      deps: ['src'],
    },
    deployed: `jib:${BY_CONTENT}`,
  },
  {
    id: 'jib-pushed',
    fixture: 'jib',
    options: {
      command:
        'mvn -q -B compile jib:build -Djib.to.image=$REGISTRY_HOST/jib-pushed',
      deps: ['pom.xml', 'src'],
      outputsImageRefTo: 'target/jib-image.json',
      skipsLocalDocker: true,
    },
    deployed: 'jib-pushed:latest@<digest>',
    after: 'jib',
  },
  {
    id: 'ko',
    fixture: 'ko',
    options: {
      // As the extension joins it, for a path that begins with a dot.
      command: [
        'bash',
        '-c',
        'set -eo pipefail;\nIMAGE=$(ko publish --local .);\ndocker tag $IMAGE $EXPECTED_REF',
      ],
      deps: KO_DEPS,
    },
    deployed: `ko:${BY_CONTENT}`,
  },
  {
    id: 'ko-pushed',
    fixture: 'ko',
    options: {
      command:
        'KO_DOCKER_REPO=$REGISTRY_HOST/ko-pushed ko build --bare --image-refs refs.txt .',
      deps: KO_DEPS,
      outputsImageRefTo: 'refs.txt',
      skipsLocalDocker: true,
    },
    deployed: 'ko-pushed@<digest>',
  },
];

function frontend(
  id: string,
  command: string,
  options: Builder['options'] = {},
  deployed = `${id}:${BY_CONTENT}`,
): Builder {
  return {
    id,
    fixture: 'frontend',
    options: { command, deps: ['./frontend'], ...options },
    deployed,
  };
}
