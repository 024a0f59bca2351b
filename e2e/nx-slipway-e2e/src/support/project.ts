import { basename } from 'node:path';
import type { TestWorkspace } from './workspace';

export interface ProjectParts {
  options?: Record<string, unknown>;
  target?: Record<string, unknown>;
  targets?: Record<string, unknown>;
}

/**
 * A Dockerfile on the sandbox's base, with a first step of this project's own
 * that is nothing in the image. Docker's builder without BuildKit reads all
 * images made of the one it stands on, and fails if one is removed meanwhile:
 * so those that tests remove stand on none that others build on.
 */
export function dockerfile(
  { root }: TestWorkspace,
  project: string,
  ...steps: string[]
) {
  const own = `ARG PROJECT=${basename(root)}/${project}`;
  return ['FROM busybox:1.35', own, ...steps, ''].join('\n');
}

/**
 * A project that copies src/ into an image, with the target written by hand as
 * the README shows it.
 */
export async function addProject(
  workspace: TestWorkspace,
  name: string,
  { options, target, targets }: ProjectParts = {},
): Promise<void> {
  const root = `apps/${name}`;
  await workspace.write(
    `${root}/Dockerfile`,
    dockerfile(workspace, name, 'COPY src /app', 'CMD ["sh"]'),
  );
  await workspace.write(`${root}/src/index.html`, `<h1>${name}</h1>\n`);
  await workspace.writeJson(`${root}/project.json`, {
    name,
    targets: {
      ...targets,
      'custom-build': {
        executor: 'nx-slipway:custom-build',
        cache: true,
        inputs: [
          '{projectRoot}/src/**/*',
          '{projectRoot}/Dockerfile',
          '!{projectRoot}/**/*.spec.ts',
          { externalDependencies: ['nx-slipway'] },
        ],
        outputs: ['{workspaceRoot}/.nx/slipway/{projectName}.json'],
        options: {
          ref: name,
          command: 'docker build -t $EXPECTED_REF .',
          deps: ['src', 'Dockerfile'],
          ignore: ['**/*.spec.ts'],
          platform: 'linux/amd64',
          ...options,
        },
        ...target,
      },
    },
  });
}

/** The deploy ref: the last line that the target itself printed. */
export function deployRefOf(output: string): string {
  const refs = output.match(/^\S+:nx-[0-9a-f]{16}(?:@sha256:[0-9a-f]{64})?$/gm);
  const last = refs?.at(-1);
  if (!last) throw new Error(`no deploy ref in:\n${output}`);
  return last;
}
