import Ajv from 'ajv';
import type { ServeEvent } from '../../../../packages/nx-slipway/src/serve';
import { outputSchema } from '../../../../packages/nx-slipway/src/serve/output/testing/output-schema';

const isValid = new Ajv({ allErrors: true }).compile(outputSchema());

/** What docs/serve-output.schema.json has against an event; nothing: []. */
export function whyNotInSchema(event: ServeEvent): unknown[] {
  if (isValid(event) === true) return [];
  return [event, ...(isValid.errors ?? [])];
}
