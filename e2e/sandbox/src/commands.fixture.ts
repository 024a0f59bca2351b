import {
  down,
  ensureSandbox,
  readSandbox,
  readStatus,
  type Sandbox,
  sandboxEnv,
} from './index';
import { ask } from './system/http';
import { run } from './system/run';

const POD = (image: string) => `
apiVersion: v1
kind: Pod
metadata: { name: sandbox-spec, labels: { app: sandbox-spec } }
spec:
  terminationGracePeriodSeconds: 0
  containers:
    - name: web
      image: ${image}
      command: [sh, -c, 'mkdir /www; echo hello > /www/index.html; exec httpd -f -p 8080 -h /www']
---
apiVersion: v1
kind: Service
metadata: { name: sandbox-spec }
spec: { selector: { app: sandbox-spec }, ports: [{ port: 80, targetPort: 8080 }] }
`;

export const kubectlOf =
  (sandbox: Sandbox) =>
  (...args: string[]) =>
    run(['kubectl', ...args], { env: sandboxEnv(sandbox) });

export const dockerOf =
  (sandbox: Sandbox) => (args: readonly string[], input?: string) =>
    run(['docker', ...args], { env: sandboxEnv(sandbox), input });

export async function pidOf(daemon: string, name?: string): Promise<number> {
  const { daemons } = await readStatus(name);
  const pid = daemons.find((one) => one.name === daemon)?.pid;
  if (pid === undefined) throw new Error(`${daemon} does not run.`);
  return pid;
}

export async function deployWeb(
  sandbox: Sandbox,
  registry: string,
): Promise<string> {
  const kubectl = kubectlOf(sandbox);
  await run(['kubectl', 'apply', '-f', '-'], {
    env: sandboxEnv(sandbox),
    input: POD(`${registry}/busybox:1.35`),
  });
  await kubectl('wait', '--for=condition=Ready', 'pod/sandbox-spec');
  return kubectl(
    ...['get', 'service', 'sandbox-spec', '-o', 'jsonpath={.spec.clusterIP}'],
  );
}

export const page = async (url: string) => (await ask(url)).body.trim();

/** The sandbox `default` for one file of tests, left up or down as it was. */
export function useSandbox(): { readonly sandbox: Sandbox } {
  let wasUp = false;
  let sandbox: Sandbox | undefined;
  beforeAll(async () => {
    wasUp = (await readSandbox()) !== undefined;
    sandbox = await ensureSandbox();
  });
  afterAll(async () => {
    await (wasUp ? ensureSandbox() : down());
  });
  return {
    get sandbox() {
      if (sandbox === undefined) throw new Error('It is not up yet.');
      return sandbox;
    },
  };
}
