/** Words that YAML 1.1 reads as something else than a text. */
const WORDS = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i;
const PLAIN = /^(?:\.\.?\/)*[a-z][a-z0-9./@_-]*(?::[a-z0-9][a-z0-9./@_-]*)*$/i;

/** A text in YAML. JSON is YAML: for what would be something else without quotes. */
export function yamlText(text: string): string {
  return PLAIN.test(text) && !WORDS.test(text) ? text : JSON.stringify(text);
}
