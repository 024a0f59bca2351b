import { SlipwayError } from '../../report';
import type { ConfigurationGeneratorSchema } from './schema';
import type { Source } from './chosen-source';

type Options = Readonly<Record<string, unknown>>;

/** What the configuration says: options of `deploy`. */
export function configurationOptions(
  { context, namespace, registry, pin }: ConfigurationGeneratorSchema,
  source: Source | undefined,
): Options {
  const all = { source, context, namespace, registry, pin };
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== undefined),
  );
}

/**
 * Options that say nothing without another.
 * @throws SLIPWAY_E_OPTION_CONFLICT, SLIPWAY_E_OPTION_INVALID
 */
export function assertWhole(options: ConfigurationGeneratorSchema): void {
  const { overlay, replicas, base, values = [], name } = options;
  for (const [key, value] of Object.entries({ replicas, base })) {
    if (value === undefined || overlay) continue;
    throw new SlipwayError({
      code: 'SLIPWAY_E_OPTION_CONFLICT',
      message: `--${key} is of the overlay, and --overlay is not given`,
      hint: 'Give both, or write it into a source of your own.',
    });
  }
  if (overlay && values.length > 0) {
    throw new SlipwayError({
      code: 'SLIPWAY_E_OPTION_CONFLICT',
      message: '--values is for a Helm chart, and --overlay for kustomize',
      hint: 'Leave one of them out.',
    });
  }
  const { context, namespace, registry, source, pin } = options;
  const said = [context, namespace, registry, source, pin];
  if (overlay || values.length > 0) return;
  if (said.some((value) => value !== undefined)) return;
  throw new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `the configuration ${name} would say nothing`,
    hint: 'Give what it has of its own: --context, --namespace, --registry, --source, --values, --overlay or --pin.',
  });
}

/**
 * A configuration keeps what it says and is not given.
 * @throws SLIPWAY_E_EXISTS if it says something else of what is given
 */
export function assertSame(
  there: Options,
  given: Options,
  where: string,
): void {
  const others = Object.keys(given).filter(
    (key) =>
      there[key] !== undefined &&
      JSON.stringify(there[key]) !== JSON.stringify(given[key]),
  );
  if (others.length === 0) return;
  const said = others.map((key) => `${key} ${JSON.stringify(there[key])}`);
  throw new SlipwayError({
    code: 'SLIPWAY_E_EXISTS',
    message: `${where} is there already, with ${said.join(' and ')}`,
    hint: 'Give another name, or --force, which writes the values that are given here.',
  });
}
