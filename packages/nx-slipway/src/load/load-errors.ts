import { SlipwayError } from '../report';
import { recipeFor } from './recipes';

/** Nothing says how images get to the nodes. */
export function noWay(refs: readonly string[], context: string): SlipwayError {
  const recipe = recipeFor(context);
  const load = recipe
    ? `"load": "${recipe}"`
    : '"load": the name of a recipe (kind, k3d, minikube, containerd) or a command as a list';
  const own =
    recipe === 'minikube'
      ? ' Or build in its own Docker: eval $(minikube docker-env).'
      : '';
  return new SlipwayError({
    code: 'SLIPWAY_E_LOAD',
    message: `${refs.join(', ')} ${refs.length > 1 ? 'stand' : 'stands'} in Docker alone, which the nodes of the context "${context}" do not see.`,
    hint: `Set a registry that both reach ("registry" of the plugin in nx.json), or say how images are brought to the nodes: ${load}.${own}`,
  });
}

export function noClusterName(context: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_LOAD',
    message: `the load command has $CLUSTER, and the context "${context}" does not say which cluster that is: it is not named kind-NAME or k3d-NAME.`,
    hint: 'Name it: "load": { "command": "kind", "cluster": "dev" }.',
  });
}

export function noNodes(context: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_LOAD',
    message: `the load command runs once for each $NODE, and the nodes of the context "${context}" may not be listed.`,
    hint: 'Write a command that loads into all nodes, or ask for the right to list nodes.',
  });
}

export function notInDocker(ref: string, address: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_LOAD',
    message: `${ref} is to be loaded into the cluster, and is not in Docker at ${address}.`,
    hint: 'Did somebody remove it meanwhile (docker image prune)? Run it again, and it is built again.',
  });
}
