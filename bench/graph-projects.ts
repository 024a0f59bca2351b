import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Each file that a project of a bench has, by its path below the workspace. */
function filesOf(index: number): Record<string, string> {
  const name = `p${index}`;
  const root = `apps/${name}`;
  const uses = index % 2 === 1 ? [name, `p${index - 1}`] : [name];
  return {
    [`${root}/project.json`]: JSON.stringify(
      { name, targets: targetsOf(name) },
      null,
      2,
    ),
    [`${root}/Dockerfile`]: 'FROM busybox:1.35\nCOPY src /app\n',
    [`${root}/src/main.js`]: `console.log('${name}');\n`,
    [`${root}/k8s/app.yaml`]: manifest(name, uses),
  };
}

function targetsOf(name: string) {
  return {
    noop: { executor: 'nx:noop' },
    'custom-build': {
      executor: 'nx-slipway:custom-build',
      options: {
        ref: name,
        command: 'docker build -q -t $EXPECTED_REF .',
        deps: ['src', 'Dockerfile'],
      },
    },
    // What Nx itself takes for a hit: the same files, and as small an output.
    twin: {
      command: `mkdir -p .nx/twin && echo {} > .nx/twin/${name}.json`,
      cache: true,
      inputs: [
        '{projectRoot}/src',
        '{projectRoot}/src/**/*',
        '{projectRoot}/Dockerfile',
        { externalDependencies: ['nx-slipway'] },
      ],
      outputs: ['{workspaceRoot}/.nx/twin/{projectName}.json'],
    },
  };
}

/** A Deployment and a Service, as a person writes them. */
function manifest(name: string, images: readonly string[]): string {
  const containers = images.map((image) => {
    const port = image === name ? 8080 : 8081;
    return `        - name: ${image}
          image: ${image}
          ports:
            - containerPort: ${port}
          resources:
            limits: { cpu: 100m, memory: 64Mi }
`;
  });
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels:
    app: ${name}
spec:
  replicas: 2
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      containers:
${containers.join('')}---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector:
    app: ${name}
  ports:
    - port: 80
      targetPort: 8080
`;
}

/**
 * Projects p0, p1 ... that each build an image, and hold a manifest of two
 * documents with that image in it; every second one uses its neighbour's, too.
 */
export function writeProjects(root: string, count: number): void {
  for (let index = 0; index < count; index++) {
    for (const [path, text] of Object.entries(filesOf(index))) {
      const file = join(root, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
}
