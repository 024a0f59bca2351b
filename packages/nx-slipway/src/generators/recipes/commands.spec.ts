import Ajv from 'ajv';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import executorSchema from '../../executors/custom-build/schema.json';
import { BUILDERS, fillRecipe, findRecipe, recipes } from '.';
import { planned } from './testing/planned';

const DOCKER_IGNORE = ['project.json', '**/*.spec.*', '**/*.test.*'];
const GO_IGNORE = ['project.json', '**/*_test.go'];
const WORKSPACE = [
  '.',
  { input: '^default' },
  '{workspaceRoot}/*.bazel',
  '{workspaceRoot}/.bazel*',
];
const EXECUTOR = { executor: 'grpcs://rbe.example.com' };

interface Case {
  readonly builder: (typeof BUILDERS)[number];
  readonly answers?: Readonly<Record<string, string>>;
  readonly command: string;
  /** All options but ref and command. */
  readonly rest: Readonly<Record<string, unknown>>;
}

/** To the letter, each flag by the manual of its tool. */
const CASES: readonly Case[] = [
  {
    builder: 'docker',
    command: 'docker build -t $EXPECTED_REF .',
    rest: { deps: ['.'], ignore: DOCKER_IGNORE },
  },
  {
    builder: 'docker',
    answers: { context: 'dist', arguments: '--target prod' },
    command: 'docker build --target prod -t $EXPECTED_REF .',
    rest: { deps: ['.', 'dist'], ignore: DOCKER_IGNORE },
  },
  {
    builder: 'docker',
    answers: { context: 'workspace' },
    command: 'docker build -t $EXPECTED_REF -f {projectRoot}/Dockerfile .',
    rest: {
      deps: ['.', { input: '^default' }],
      ignore: DOCKER_IGNORE,
      dir: '{workspaceRoot}',
    },
  },
  {
    builder: 'docker',
    answers: { context: 'workspace-dist' },
    command: 'docker build -t $EXPECTED_REF -f {projectRoot}/Dockerfile .',
    rest: {
      deps: ['.', '{workspaceRoot}/dist/apps/web'],
      ignore: DOCKER_IGNORE,
      dir: '{workspaceRoot}',
    },
  },
  {
    builder: 'buildx',
    command: 'docker buildx build --load --provenance=false -t $EXPECTED_REF .',
    rest: { deps: ['.'], ignore: DOCKER_IGNORE },
  },
  {
    builder: 'ko',
    command:
      'docker tag "$(ko build --local --platform $SLIPWAY_PLATFORM .)" $EXPECTED_REF',
    rest: {
      deps: ['.'],
      ignore: GO_IGNORE,
      env: { GOFLAGS: '-buildvcs=false' },
    },
  },
  {
    builder: 'ko',
    answers: { to: 'registry', main: './cmd/web', module: 'workspace' },
    command:
      'KO_DOCKER_REPO=${EXPECTED_REF%:*} ko build --bare --tags $EXPECTED_TAG --platform $SLIPWAY_PLATFORM ./cmd/web',
    rest: {
      deps: ['.', { input: '^default' }, '{workspaceRoot}/go.*'],
      ignore: GO_IGNORE,
      env: { GOFLAGS: '-buildvcs=false' },
      skipsLocalDocker: true,
    },
  },
  {
    builder: 'jib-maven',
    command:
      'mvn -B compile jib:dockerBuild -Djib.to.image=$EXPECTED_REF -Djib.from.platforms=$SLIPWAY_PLATFORM',
    rest: { deps: ['pom.xml', 'src', '.mvn/**'], ignore: ['test'] },
  },
  {
    builder: 'jib-maven',
    answers: {
      tool: './mvnw',
      to: 'registry',
      arguments: '-Djib.allowInsecureRegistries=true',
    },
    command:
      './mvnw -B compile jib:build -Djib.to.image=$EXPECTED_REF -Djib.from.platforms=$SLIPWAY_PLATFORM -Djib.allowInsecureRegistries=true',
    rest: {
      deps: ['pom.xml', 'src', '.mvn/**'],
      ignore: ['test'],
      skipsLocalDocker: true,
    },
  },
  {
    builder: 'jib-gradle',
    command:
      './gradlew jibDockerBuild --image $EXPECTED_REF -Djib.from.platforms=$SLIPWAY_PLATFORM',
    rest: { deps: ['*.gradle*', 'gradle.*', 'src'], ignore: ['test'] },
  },
  {
    builder: 'jib-gradle',
    answers: { to: 'registry' },
    command:
      './gradlew jib --image $EXPECTED_REF -Djib.from.platforms=$SLIPWAY_PLATFORM',
    rest: {
      deps: ['*.gradle*', 'gradle.*', 'src'],
      ignore: ['test'],
      skipsLocalDocker: true,
    },
  },
  {
    builder: 'bazel',
    command:
      'bazel run //apps/web:image && docker tag bazel/apps/web:image $EXPECTED_REF',
    rest: { deps: WORKSPACE, ignore: ['project.json', 'bazel-*'] },
  },
  {
    builder: 'bazel',
    answers: {
      workspace: 'project',
      target: '//snack:image',
      loaded: 'bazel/snack:image',
      arguments: '-- --norun',
    },
    command:
      'bazel run //snack:image -- --norun && docker tag bazel/snack:image $EXPECTED_REF',
    rest: { deps: ['.'], ignore: ['project.json', 'bazel-*'] },
  },
  {
    builder: 'buildah',
    command:
      'buildah bud --layers -t $EXPECTED_REF . && buildah push $EXPECTED_REF',
    rest: { deps: ['.'], ignore: DOCKER_IGNORE, skipsLocalDocker: true },
  },
  {
    builder: 'buildah',
    answers: { push: '--tls-verify=false', arguments: '--isolation chroot' },
    command:
      'buildah bud --layers --isolation chroot -t $EXPECTED_REF . && buildah push --tls-verify=false $EXPECTED_REF',
    rest: { deps: ['.'], ignore: DOCKER_IGNORE, skipsLocalDocker: true },
  },
  {
    builder: 'podman',
    command:
      'podman build -t $EXPECTED_REF . && podman push --format=docker $EXPECTED_REF',
    rest: { deps: ['.'], ignore: DOCKER_IGNORE, skipsLocalDocker: true },
  },
  {
    builder: 'nix',
    command:
      'docker tag "$(docker load < "$(nix --extra-experimental-features \'nix-command flakes\' build --no-link --print-out-paths .#image)" | sed -n \'s/^Loaded image[^:]*: //p\' | tail -n 1)" $EXPECTED_REF',
    rest: { deps: ['.'], ignore: ['project.json', 'result*'] },
  },
  {
    builder: 'earthly',
    command: 'earthly +image --ref=$EXPECTED_REF',
    rest: { deps: ['.'], ignore: ['project.json'] },
  },
  {
    builder: 'pack',
    command:
      'pack build acme/web:slipway-pack --builder paketobuildpacks/builder-jammy-base --path . --docker-host inherit --pull-policy if-not-present && docker tag acme/web:slipway-pack $EXPECTED_REF',
    rest: { deps: ['.'], ignore: ['project.json'] },
  },
  {
    builder: 'script',
    command: './build.sh',
    rest: { deps: ['.'], ignore: DOCKER_IGNORE },
  },
  {
    builder: 'script',
    answers: { command: 'make image', tag: 'dev' },
    command: 'make image',
    rest: { tag: 'dev', deps: ['.'], ignore: DOCKER_IGNORE },
  },
  {
    builder: 'script',
    answers: { refFile: 'dist/ref.txt' },
    command: './build.sh',
    rest: {
      outputsImageRefTo: 'dist/ref.txt',
      deps: ['.'],
      ignore: DOCKER_IGNORE,
    },
  },
  {
    builder: 'nerdctl',
    command: 'nerdctl --namespace k8s.io build -t $EXPECTED_REF .',
    rest: {
      deps: ['.'],
      ignore: DOCKER_IGNORE,
      disablePush: true,
      skipsLocalDocker: true,
    },
  },
  {
    builder: 'buildx-kubernetes',
    command:
      'docker buildx build --builder slipway --push --provenance=false --platform $SLIPWAY_PLATFORM --cache-from type=registry,ref=$REGISTRY_HOST/acme/web:buildcache --cache-to type=registry,ref=$REGISTRY_HOST/acme/web:buildcache,mode=max --metadata-file $SLIPWAY_OUTPUT_REF_FILE -t $REGISTRY_HOST/acme/web:latest .',
    rest: {
      deps: ['.'],
      ignore: [...DOCKER_IGNORE, 'buildx-metadata.json'],
      outputsImageRefTo: 'buildx-metadata.json',
      skipsLocalDocker: true,
    },
  },
  {
    builder: 'buildx-kubernetes',
    answers: {
      builder: 'farm',
      repository: 'ghcr.io/acme/web',
      cache: 'cache-main',
      tag: 'dev',
      context: 'workspace',
      arguments: '--target prod',
    },
    command:
      'docker buildx build --builder farm --push --provenance=false --platform $SLIPWAY_PLATFORM --cache-from type=registry,ref=ghcr.io/acme/web:cache-main --cache-to type=registry,ref=ghcr.io/acme/web:cache-main,mode=max --metadata-file $SLIPWAY_OUTPUT_REF_FILE --target prod -t ghcr.io/acme/web:dev -f {projectRoot}/Dockerfile .',
    rest: {
      deps: ['.', { input: '^default' }],
      ignore: [...DOCKER_IGNORE, 'buildx-metadata.json'],
      outputsImageRefTo: 'buildx-metadata.json',
      skipsLocalDocker: true,
      dir: '{workspaceRoot}',
    },
  },
  {
    builder: 'bazel-remote',
    answers: EXECUTOR,
    command:
      'bazel run --config=remote //apps/web:image && docker tag bazel/apps/web:image $EXPECTED_REF',
    rest: { deps: WORKSPACE, ignore: ['project.json', 'bazel-*'] },
  },
];

const table = CASES.map(
  (each) =>
    [
      [each.builder, JSON.stringify(each.answers ?? {})].join(' '),
      each,
    ] as const,
);

const filled = ({ builder, answers }: Case) =>
  fillRecipe(findRecipe(builder), {
    name: 'web',
    // Its tag is for manifests; a command gives its own.
    ref: 'acme/web:v1',
    projectRoot: 'apps/web',
    answers,
  });

/** A schema of ours, as a validator that knows no `x-` keywords takes it. */
function validator(schema: object) {
  const ajv = new Ajv({ allErrors: true });
  const validate = ajv.compile({ ...schema, $schema: undefined });
  return (value: unknown) => {
    void validate(value);
    return validate.errors ?? [];
  };
}

describe('what is written for a builder', () => {
  it.each(table)('is known to the letter: %s', (_, each) => {
    const { command, rest } = each;
    expect(filled(each).options).toEqual({
      ref: 'acme/web:v1',
      command,
      ...rest,
    });
  });

  it('is known for every builder', () => {
    const known = new Set<string>(CASES.map(({ builder }) => builder));
    expect([...known].sort()).toEqual([...BUILDERS].sort());
  });

  const errorsOf = validator(executorSchema);
  it.each(table)('is what the executor takes: %s', (_, each) => {
    const { options } = filled(each);
    expect(errorsOf(options)).toEqual([]);
    expect(planned(options).command).toBe(options.command);
  });

  it('has no place left that nothing was put into', () => {
    const all = recipes().map((recipe) =>
      fillRecipe(recipe, {
        name: 'web',
        ref: 'web',
        projectRoot: '.',
        answers: recipe.name === 'bazel-remote' ? EXECUTOR : {},
      }),
    );
    expect(JSON.stringify(all)).not.toMatch(/\{\{\w+\}\}/);
  });
});

describe('the recipes of this package', () => {
  const schema = JSON.parse(
    readFileSync(join(__dirname, 'recipe.schema.json'), 'utf8'),
  ) as object;
  const errorsOf = validator(schema);

  it.each(BUILDERS)('are as recipe.schema.json has it: %s', (name) => {
    const text = readFileSync(join(__dirname, name, 'recipe.json'), 'utf8');
    expect(errorsOf(JSON.parse(text))).toEqual([]);
  });

  it.each(recipes().map((recipe) => [recipe.name, recipe] as const))(
    'say where each program comes from, and something to know: %s',
    (_, { notes, tools }) => {
      expect(notes.length).toBeGreaterThan(0);
      expect(tools.map(({ get }) => get)).toEqual(
        tools.map(() => expect.stringMatching(/^https:\/\//) as string),
      );
    },
  );
});
