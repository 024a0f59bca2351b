/** The options that name what is there already; the demo has them too. */
export const USE_WHAT_IS_THERE = `  --docker-host URL          use this Docker (as does DOCKER_HOST)
  --registry HOST            use this registry
  --registry-from-cluster HOST
                             its name as the cluster knows it
  --context NAME             use the cluster of this context
  --kubeconfig FILE          where that context is`;

export const USAGE = `Docker, a registry and Kubernetes for the tests and the demo.

  npm run sandbox -- up      bring it up, or heal it
  npm run sandbox -- down    end it; images, the registry and the ports are kept
  npm run sandbox -- status  what runs; ends with 3 unless all of it does
  npm run sandbox -- env     lines for a shell: eval "$(npm run -s sandbox -- env)"

On Debian 12 as root, with Node >= 20.19, npm and Go >= 1.24, everything is
started from here. Elsewhere name what you have, see below.

  --name NAME                which one; "default" is the one with the cluster
  -h, --help

up
  -y, --yes                  do not ask before something is installed
  --cluster, --no-cluster    Kubernetes, too? One sandbox of a machine can
  --registry-config-map      tell in the cluster where the registry is (KEP-1755)
  --no-registry-config-map   take that back
${USE_WHAT_IS_THERE}

down
  --purge                    forget images, the registry's content and ports, too

status, env
  --json
`;
