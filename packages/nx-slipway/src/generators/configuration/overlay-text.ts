import { yamlText } from '../targets';

const HEAD = `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
`;

/** A kustomization that lists files, as they lie in its folder. */
export function baseText(files: readonly string[]): string {
  return `# Written once by nx g nx-slipway:configuration, and yours to change: what is not listed here is not deployed.
${HEAD}resources:
${files.map((file) => `  - ${yamlText(file)}\n`).join('')}`;
}

/** A kustomization over another. */
export function overlayText(parts: {
  /** Relative to the overlay. */
  readonly base: string;
  readonly namespace?: string;
  readonly replicas?: { readonly count: number; readonly names: string[] };
}): string {
  const { base, namespace, replicas } = parts;
  return `# Written once by nx g nx-slipway:configuration, and yours to change: patches, more resources.
${HEAD}${namespace === undefined ? '' : `namespace: ${yamlText(namespace)}\n`}resources:
  - ${yamlText(base)}
${replicas === undefined ? '' : replicasOf(replicas)}`;
}

function replicasOf({
  count,
  names,
}: {
  readonly count: number;
  readonly names: readonly string[];
}): string {
  const lines = names.map(
    (name) => `  - name: ${yamlText(name)}\n    count: ${count}\n`,
  );
  return `replicas:\n${lines.join('')}`;
}
