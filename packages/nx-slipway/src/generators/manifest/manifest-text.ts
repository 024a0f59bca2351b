import { yamlText } from '../targets';

/** What the manifests of a project are filled with. */
export interface ManifestParts {
  /** Of the objects and of the container. */
  readonly name: string;
  readonly image: string;
  readonly port: number;
  readonly servicePort: number;
  readonly replicas: number;
  /** An HTTP path. */
  readonly probe?: string;
  readonly env: readonly (readonly [name: string, value: string])[];
}

/**
 * A Deployment and a Service. They name neither a namespace nor what is not
 * known of the image: it may start as root, and need any amount of memory.
 */
export function manifestText(parts: ManifestParts): string {
  const name = yamlText(parts.name);
  return `# Written once by nx g nx-slipway:manifest, and yours to change. The image stands here by its name:
# nx-slipway puts the immutable ref in its place when it deploys, and never into this file.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels:
    app.kubernetes.io/name: ${name}
spec:
  replicas: ${parts.replicas}
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ${name}
    spec:
      securityContext:
        # runAsNonRoot is not set, since an image that starts as root would not run any more.
        # Set it to true if yours has a USER that is a number and not 0.
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: ${name}
          image: ${yamlText(parts.image)}
          ports:
            - name: http
              containerPort: ${parts.port}
${envOf(parts.env)}${probeOf(parts.probe)}          resources:
            # What the scheduler keeps free for it. There are no limits until you know what it needs:
            # one that is too low has it killed, or slow.
            requests:
              cpu: 50m
              memory: 64Mi
          securityContext:
            allowPrivilegeEscalation: false
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
  labels:
    app.kubernetes.io/name: ${name}
spec:
  selector:
    app.kubernetes.io/name: ${name}
  ports:
    - name: http
      port: ${parts.servicePort}
      targetPort: http
`;
}

function envOf(env: ManifestParts['env']): string {
  if (env.length === 0) return '';
  const lines = env.map(
    ([name, value]) => `            - name: ${yamlText(name)}
              value: ${JSON.stringify(value)}
`,
  );
  return `          env:\n${lines.join('')}`;
}

function probeOf(path: string | undefined): string {
  if (path === undefined) return '';
  return `          readinessProbe:
            httpGet:
              path: ${JSON.stringify(path)}
              port: http
`;
}
