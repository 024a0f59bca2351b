export { fillTables } from './fill';
export { namesOf, schemaNamed, schemaOf, type Kind } from './schemas';
export type { OptionSchema, OptionsSchema } from './table';
