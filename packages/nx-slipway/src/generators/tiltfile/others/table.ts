/** What a call of Tilt that has no place here comes to. */
export interface Fate {
  /** Nothing is lost without it. */
  readonly isNeedless?: true;
  readonly why: string;
  readonly todo?: string;
}

const TILT_ALONE: Fate = {
  isNeedless: true,
  why: 'it is for Tilt itself',
};
const COMPOSE: Fate = {
  why: 'Docker Compose is not served here: Kubernetes alone is',
  todo: 'Go on with `docker compose`, or write manifests: `nx g nx-slipway:manifest`.',
};
const LOADS: Fate = {
  isNeedless: true,
  why: 'what it loads was looked up where it is called',
};
export const PURE: Fate = {
  why: 'its value is known only when the Tiltfile runs',
  todo: 'Where the value is used, another line of this report says what for.',
};
const ARGUMENTS: Fate = {
  why: 'arguments of `tilt up` decide when the Tiltfile runs',
  todo: 'Configurations of the targets choose here, `nx run shop:deploy:production`: `nx g nx-slipway:configuration`. Projects choose what is served, `nx serve shop`.',
};

/** By the name of the function, or what it begins with up to the dot. */
export const FATES: Readonly<Record<string, Fate>> = {
  include: LOADS,
  load: LOADS,
  load_dynamic: PURE,
  local: {
    why: 'a command that runs each time the Tiltfile is read',
    todo: 'If others need what it does, make it an Nx target, and name that in `dependsOn` of theirs.',
  },
  read_file: PURE,
  read_json: PURE,
  read_yaml: PURE,
  read_yaml_stream: PURE,
  decode_json: PURE,
  decode_yaml: PURE,
  decode_yaml_stream: PURE,
  encode_json: PURE,
  encode_yaml: PURE,
  encode_yaml_stream: PURE,
  filter_yaml: {
    why: 'objects are chosen from YAML when the Tiltfile runs',
    todo: 'Put what is deployed apart into files of its own, each named in the `source` of its project.',
  },
  blob: PURE,
  listdir: PURE,
  kustomize: PURE,
  helm: PURE,
  struct: PURE,
  'os.': PURE,
  'str.': PURE,
  'shlex.': PURE,
  'sys.': PURE,
  'config.': ARGUMENTS,
  k8s_context: {
    why: 'the Tiltfile asks for the current context',
    todo: 'Name the context in `context` of a configuration of `deploy`, `serve` and `down`; those of local clusters need no naming.',
  },
  k8s_namespace: {
    why: 'the Tiltfile asks for the current namespace',
    todo: 'Name it in `namespace` of `deploy`; the default is that of the context.',
  },
  update_settings: {
    why: 'how Tilt works is set',
    todo: '`parallel` of `serve` says how many images are built at a time, `timeout` how long a rollout may take. Objects are applied by the server here, always.',
  },
  ci_settings: {
    why: 'what `tilt ci` waits for is set',
    todo: '`timeout` of `deploy` says how long it waits.',
  },
  watch_settings: {
    why: 'files that no watch should see are named for all images at once',
    todo: 'Name them in `ignore` of the `custom-build` targets whose `deps` hold them, or in .gitignore.',
  },
  watch_file: {
    isNeedless: true,
    why: 'what targets read is watched: `deps` of images, and the files of `source`',
  },
  secret_settings: {
    isNeedless: true,
    why: 'values of Secrets are scrubbed from all output here, always',
  },
  docker_prune_settings: {
    isNeedless: true,
    why: 'old images are removed by themselves: the five newest tags of each are kept, or as many as `keep` says',
  },
  trigger_mode: {
    why: 'it is none of the constants of Tilt',
    todo: 'Write `"trigger": "manual"` into the options of `serve` if saves are to wait for `slipway trigger`.',
  },
  workload_to_resource_function: {
    isNeedless: true,
    why: 'workloads keep the names that they have in their manifests',
  },
  k8s_custom_deploy: {
    why: 'a command of its own deploys',
    todo: 'If it can print its YAML and not apply it, make it the `source` of a project: `{ "command": "...", "deps": [...] }`. Else make it a target that runs it.',
  },
  docker_compose: COMPOSE,
  dc_resource: COMPOSE,
  fast_build: {
    why: 'Tilt itself knows fast_build no more',
    todo: 'Write a `custom-build` target with `liveUpdate`.',
  },
  test: {
    why: 'tests are no part of what is served',
    todo: 'Make it an Nx target: `nx watch --all -- nx affected -t test` runs it on every save.',
  },
  version_settings: TILT_ALONE,
  analytics_settings: TILT_ALONE,
  enable_feature: TILT_ALONE,
  disable_feature: TILT_ALONE,
  disable_snapshots: TILT_ALONE,
  set_team: TILT_ALONE,
  experimental_metrics_settings: TILT_ALONE,
  experimental_telemetry_cmd: TILT_ALONE,
  print: TILT_ALONE,
  warn: TILT_ALONE,
  fail: TILT_ALONE,
  exit: TILT_ALONE,
  link: TILT_ALONE,
  'v1alpha1.': {
    why: 'an object of the API of Tilt',
    todo: 'A `local_resource`-like one becomes a target of a project; the others have no counterpart.',
  },
};

/** By the name of the extension, with the symbol where that matters. */
export const EXTENSION_FATES: Readonly<Record<string, Fate>> = {
  helm_remote: {
    why: 'the chart comes from a repository, and `source` takes a folder or an archive of the workspace',
    todo: 'Fetch it once by `helm pull --untar`, commit it, and name it in `source`: `{ "helm": { "chart": "charts/NAME", "release": "NAME" } }`.',
  },
  'helm_resource:helm_repo': {
    why: 'a repository of charts is added to Helm',
    todo: 'Fetch the charts once by `helm pull --untar`, and name them in `source`.',
  },
  'namespace:namespace_create': {
    isNeedless: true,
    why: '`deploy` and `serve` make namespaces that are not there on local clusters, elsewhere with `createNamespace`',
  },
  namespace: {
    why: 'a namespace is made of what the Tiltfile says',
    todo: 'Name it in `namespace` of `deploy`: on local clusters it is made if it is not there, elsewhere with `createNamespace`. Or write it as YAML beside the others.',
  },
  configmap: {
    why: 'a ConfigMap is made of files when the Tiltfile runs',
    todo: 'Use `configMapGenerator` of a kustomization, or a `source` that is `kubectl create configmap NAME --from-file FILE --dry-run=client -o yaml`.',
  },
  secret: {
    why: 'a Secret is made of files when the Tiltfile runs',
    todo: 'Use `secretGenerator` of a kustomization, or a `source` that is `kubectl create secret generic NAME --from-file FILE --dry-run=client -o yaml`.',
  },
  dotenv: {
    why: 'variables are read from a file',
    todo: 'Nx reads `.env` files by itself, of the workspace and of each project.',
  },
  docker_build_sub: {
    why: 'lines are added to a Dockerfile when the Tiltfile runs',
    todo: 'Write them into a Dockerfile of their own that begins with `FROM` the image, and name that in `imageDeps` of its target.',
  },
  k8s_yaml_glob: {
    why: 'the files are found when the Tiltfile runs',
    todo: 'Name the globs in `source` of `deploy`: `{ "yaml": ["k8s/**/*.yaml"] }`.',
  },
  restart_process: {
    why: 'it is none of the two functions that build an image',
    todo: 'Write `{ "restart": true }` as the last step of `liveUpdate`.',
  },
  uibutton: { isNeedless: true, why: 'it is for the page of Tilt alone' },
  wait_for_it: {
    isNeedless: true,
    why: '`deploy` waits until all is ready, and `after` names projects to be deployed first',
  },
};

export const LOCAL_RESOURCE =
  'a command on this machine is a target of a project';

/** Of what is no function of Tilt, as far as is known here. */
export const UNKNOWN: Fate = {
  why: 'it is no function that is known here',
  todo: 'See what it does, and write that by hand.',
};

export const UNKNOWN_EXTENSION: Fate = {
  why: 'this extension has no counterpart that is known here',
  todo: 'If it builds images, write its command as a `custom-build` target. If it deploys, a command that prints the YAML can be a `source`.',
};
