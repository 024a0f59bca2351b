/**
 * Commands that bring an image into the nodes of a product's clusters. kind,
 * k3d and minikube load into all nodes, and look themselves which lack it.
 */
export const RECIPES = {
  // https://kind.sigs.k8s.io/docs/user/quick-start/#loading-an-image-into-your-cluster
  kind: ['kind', 'load', 'docker-image', '$IMAGE', '--name', '$CLUSTER'],
  // https://k3d.io/stable/usage/commands/k3d_image_import
  k3d: ['k3d', 'image', 'import', '$IMAGE', '--cluster', '$CLUSTER'],
  // Without --daemon it asks Docker Hub first, where somebody else may have one
  // of that name: https://minikube.sigs.k8s.io/docs/commands/image
  minikube: [
    ...['minikube', 'image', 'load', '--daemon', '--profile', '$CONTEXT'],
    '$IMAGE',
  ],
  // The namespace is the one that kubelet looks in.
  containerd: [
    ...['ctr', '--address', '$ADDRESS', '--namespace', 'k8s.io'],
    ...['images', 'import', '$ARCHIVE'],
  ],
} as const satisfies Record<string, readonly string[]>;

export function recipeNamed(name: string): readonly string[] | undefined {
  return Object.hasOwn(RECIPES, name)
    ? RECIPES[name as keyof typeof RECIPES]
    : undefined;
}

/** The name of the recipe that the name of a context speaks for. */
export function recipeFor(
  context: string,
): Exclude<keyof typeof RECIPES, 'containerd'> | undefined {
  const [, product] = /^(kind|k3d|minikube)(?:-|$)/.exec(context) ?? [];
  return product as 'kind' | 'k3d' | 'minikube' | undefined;
}

/** What kind or k3d call the cluster of a context: `dev` of `kind-dev`. */
export function clusterOf(context: string): string | undefined {
  return /^(?:kind|k3d)-(.+)$/.exec(context)?.[1];
}
