import { posix } from 'node:path';
import {
  formatFiles,
  logger,
  type GeneratorCallback,
  type Tree,
} from '@nx/devkit';
import { referenceIn } from '../../image';
import { valuesIn } from '../../manifest';
import { SlipwayError } from '../../report';
import {
  changeDeploy,
  deploySource,
  heldManifests,
  projectOf,
  takenTargets,
  targetNames,
  usePlugin,
  withHints,
} from '../targets';
import { containerPort } from './container-port';
import { chosenImage, imagesOf } from './image-of';
import { manifestText } from './manifest-text';
import { assertObjectName, objectName } from './object-name';
import { parseEnv } from './parse-env';
import { placeFor } from './place';
import type { ManifestGeneratorSchema } from './schema';
import { summary } from './summary';

/**
 * Writes a Deployment and a Service, once: a file that is there stays as it is.
 * @throws SLIPWAY_E_OPTION_INVALID, SLIPWAY_E_EXISTS
 */
export default withHints(async function manifest(
  tree: Tree,
  options: ManifestGeneratorSchema,
): Promise<GeneratorCallback> {
  const project = projectOf(tree, options.project);
  const image = chosenImage(imagesOf(tree, project), options.image, project);
  assertImage(image.ref);
  if (options.name !== undefined) assertObjectName(options.name);
  const name = options.name ?? objectName(project.name);
  const found = containerPort(tree, image);
  const port = options.port ?? found.port;
  const place = placeFor(
    name,
    options.directory,
    heldManifests(tree, project, options.directory),
  );
  const text = manifestText({
    name,
    image: image.ref,
    port,
    servicePort: options.servicePort ?? 80,
    replicas: options.replicas ?? 1,
    probe: options.probe,
    env: parseEnv(options.env ?? []),
  });
  const path = posix.join(project.root, place.path);
  writeOnce(tree, path, text);
  // Now that there is something to deploy, for the names of its targets.
  usePlugin(tree);
  const source = deploySource(tree, project);
  const given = {
    ...(place.needsSource && !source && { source: { yaml: [place.path] } }),
    ...(options.namespace && { namespace: options.namespace }),
  };
  if (Object.keys(given).length > 0) {
    changeDeploy(tree, project, { options: given });
  }
  if (!options.skipFormat) await formatFiles(tree);
  const lines = summary({
    ...{ project: project.name, path, image: image.ref, port, place, source },
    portFrom: options.port === undefined ? (found.file ?? 'nowhere') : '--port',
    names: targetNames(tree),
    taken: takenTargets(tree, project),
  });
  return () => {
    logger.info(lines.join('\n'));
  };
});

/** @throws SLIPWAY_E_REF_INVALID */
function assertImage(image: string): void {
  if (referenceIn(image)) return;
  throw new SlipwayError({
    code: 'SLIPWAY_E_REF_INVALID',
    message: `"${image}" is no image`,
    hint: 'It is the ref of a custom-build, for example web or ghcr.io/acme/web.',
  });
}

/** What says the same, however it is formatted, is left as it is. */
function writeOnce(tree: Tree, path: string, text: string): void {
  if (!tree.exists(path)) {
    tree.write(path, text);
    return;
  }
  const there = tree.read(path, 'utf8') ?? '';
  const values = (of: string) => JSON.stringify(valuesIn(path, of));
  if (values(there) === values(text)) return;
  throw new SlipwayError({
    code: 'SLIPWAY_E_EXISTS',
    message: `${path} is there already, and says something else`,
    hint: 'Change it by hand, or remove it. --name and --directory write another file.',
  });
}
