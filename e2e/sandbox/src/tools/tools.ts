import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Layout } from '../layout';

/** Programs that are built from a Go module with `tool` directives. */
export interface GoTool {
  readonly name: 'kubernetes' | 'ko' | 'kustomize' | 'helm';
  /** The module that gives its version. */
  readonly module: string;
  readonly ldflags: (version: string) => string;
  /** How long a cold build took on 2 cores, to tell who waits. */
  readonly takes: string;
}

export const KUBERNETES: GoTool = {
  name: 'kubernetes',
  module: 'k8s.io/kubernetes',
  ldflags: (version) => {
    const [major, minor] = version.slice(1).split('.');
    const variables = {
      gitVersion: version,
      gitMajor: major,
      gitMinor: minor,
      gitTreeState: 'clean',
    };
    const flags = Object.entries(variables).map(
      ([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`,
    );
    return ['-s -w', ...flags].join(' ');
  },
  takes: '4 to 6 minutes',
};

export const KO: GoTool = {
  name: 'ko',
  module: 'github.com/google/ko',
  ldflags: () => '-s -w',
  takes: 'about 40 s',
};

export const KUSTOMIZE: GoTool = {
  name: 'kustomize',
  module: 'sigs.k8s.io/kustomize/kustomize/v5',
  ldflags: () => '-s -w',
  takes: 'about 20 s',
};

export const HELM: GoTool = {
  name: 'helm',
  module: 'helm.sh/helm/v3',
  ldflags: () => '-s -w',
  takes: 'about 80 s',
};

/** What runs against a cluster, beside what it is made of. */
export const CLUSTER_TOOLS: readonly GoTool[] = [KUSTOMIZE, HELM];

export const moduleFolder = (tool: GoTool) =>
  join(__dirname, '../../go', tool.name);

/** `v1.34.4`, from the text of go.mod. */
export function versionIn(goMod: string, module: string): string {
  const line = goMod
    .split('\n')
    .map((text) => text.trim().replace(/^require /, ''))
    .find((text) => text.startsWith(`${module} v`));
  if (line === undefined) throw new Error(`go.mod does not require ${module}.`);
  return line.split(' ')[1] ?? '';
}

/** Its place in the cache: another version, pin or flag is another place. */
export function toolFolder(layout: Layout, tool: GoTool): string {
  const [goMod, goSum] = ['go.mod', 'go.sum'].map((file) =>
    readFileSync(join(moduleFolder(tool), file), 'utf8'),
  ) as [string, string];
  const version = versionIn(goMod, tool.module);
  const hash = createHash('sha256')
    .update(goMod + goSum + tool.ldflags(version))
    .digest('hex')
    .slice(0, 8);
  return join(layout.tools, `${tool.name}-${version.slice(1)}-${hash}`);
}

export const isBuilt = (layout: Layout, tool: GoTool) =>
  existsSync(toolFolder(layout, tool));

/** Folders for PATH; `bin` holds only what was built. */
export function toolFolders(layout: Layout): string[] {
  return [KUBERNETES, KO, ...CLUSTER_TOOLS].map((tool) =>
    join(toolFolder(layout, tool), 'bin'),
  );
}

export function kubernetesProgram(layout: Layout, name: string): string {
  return join(toolFolder(layout, KUBERNETES), 'bin', name);
}
