import { assertKnownOptions } from '../report';

/** Nx hands it to every executor. */
const NX_OWN_OPTION = '__unparsed__';

/**
 * Nx lets through what the schema's patternProperties refuse, so that the
 * message is ours.
 * @throws SLIPWAY_E_OPTION_UNKNOWN
 */
export function assertOptionNames(
  options: object,
  schema: { readonly properties: object },
  executor: string,
): void {
  assertKnownOptions(
    Object.keys(options).filter((name) => name !== NX_OWN_OPTION),
    Object.keys(schema.properties),
    executor,
  );
}
