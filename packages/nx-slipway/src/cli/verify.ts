import { randomUUID } from 'node:crypto';
import {
  canonicalName,
  contentId,
  formatReference,
  identityOfInspect,
  mapToRegistry,
  parseReference,
  type ImageRecord,
} from '../image';
import { parseRegistry, type RegistryOption } from '../settings';
import { ledgerFolder, openLedger, readRecord, type Built } from '../state';
import type { Arguments } from './arguments';
import {
  buildsIn,
  deliveryOf,
  refInCluster,
  type Build,
} from './image-deploy-ref/builds';
import { refOfRecord } from './image-deploy-ref/deploy-ref';
import { openRegistries } from './image-deploy-ref/registries';
import type { Terminal } from './terminal';
import {
  lastProjectGraph,
  optionsOf,
  neededRoot,
  withAbsoluteFiles,
} from './workspace';

/**
 * `slipway verify`, a runtime input of Nx: what it prints is part of the hash,
 * so it is the same text unless the image of the last record is known to be
 * gone, and then another each time. Nobody who answers is no reason to build,
 * nor is an image that was never built.
 */
export async function verify(
  args: Arguments,
  terminal: Terminal,
): Promise<number> {
  const root = await neededRoot(args, terminal);
  const [task = ''] = args.words;
  const build = (await buildsIn(root, lastProjectGraph)).find(
    (one) => one.task === task,
  );
  const isGone =
    build !== undefined && (await isImageGone(build, root, terminal));
  terminal.answer(isGone ? `gone ${randomUUID()}\n` : 'nothing is missing\n');
  return 0;
}

async function isImageGone(
  build: Build,
  root: string,
  terminal: Terminal,
): Promise<boolean> {
  const record = await recordOf(build);
  if (!record) return false;
  const options = await optionsOf(root);
  const { registry: own } = build.options;
  const registry =
    own === undefined
      ? options.registry
      : parseRegistry(own as RegistryOption, `registry of ${build.task}`);
  const naming = {
    ...options,
    pin: 'both' as const,
    registry: registry && withAbsoluteFiles(registry, root),
  };
  if (refInCluster(build, record, naming.tagPrefix)) return false;
  const delivery = deliveryOf(build, registry);
  const registries = openRegistries(naming.registry, terminal);
  try {
    const stands = async (one: ImageRecord) => {
      if (delivery.by === 'nobody') return isInDocker(one, naming, terminal);
      let isAnswered = true;
      const read = (...asked: Parameters<typeof registries.read>) =>
        registries.read(...asked).catch((error: unknown) => {
          isAnswered = false;
          throw error;
        });
      const looking = { naming, registries: { read }, warn: () => undefined };
      const { local } = await refOfRecord(one, delivery, looking);
      return local.digest !== undefined || !isAnswered;
    };
    if (await stands(record)) return false;
    const built = await builtHere(record, root, {
      isInRegistry: delivery.by !== 'nobody',
      registry,
    });
    return !built || !(await stands({ ...record, ...built }));
  } finally {
    await registries.close();
  }
}

async function recordOf({
  recordPaths,
}: Build): Promise<ImageRecord | undefined> {
  for (const path of recordPaths) {
    const found = await readRecord(path);
    if (found && 'record' in found) return found.record;
  }
  return undefined;
}

/**
 * What this machine built of the same inputs, where a cache restored the record
 * of an image that is gone for ever: no build gives its bytes again.
 */
async function builtHere(
  { name, inputHash }: ImageRecord,
  root: string,
  {
    isInRegistry,
    registry,
  }: {
    readonly isInRegistry: boolean;
    readonly registry: Parameters<typeof mapToRegistry>[1];
  },
): Promise<Built | undefined> {
  const { local } = mapToRegistry(parseReference(name), registry);
  const destination = isInRegistry ? canonicalName(local) : 'docker';
  const ledger = openLedger(ledgerFolder(root));
  return ledger.builtFor({ name, destination }, inputHash);
}

async function isInDocker(
  record: ImageRecord,
  naming: Parameters<typeof refOfRecord>[2]['naming'],
  { env }: Terminal,
): Promise<boolean> {
  const { connectDocker } = await import('../docker');
  const docker = connectDocker(env);
  const none = { read: () => Promise.resolve(undefined) };
  const looking = { naming, registries: none, warn: () => undefined };
  const delivery = { by: 'nobody' as const, task: '' };
  try {
    const { local } = await refOfRecord(record, delivery, looking);
    const image = await docker.inspect(formatReference(local));
    if (!image) return false;
    return contentId(identityOfInspect(image)) === record.contentId;
  } catch {
    // No Docker says nothing of the image.
    return true;
  } finally {
    docker.close();
  }
}
