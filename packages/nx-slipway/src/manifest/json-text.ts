/**
 * What YAML 1.1 takes for the end of a line or does not let stand, though JSON
 * does: the API server reads what is applied as YAML, and so made a space of
 * U+0085 and refused U+007F (run on 1.34).
 */
const NOT_IN_YAML = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/**
 * JSON that is the same when it is read as YAML.
 * @param indent of each level, in blanks; none: all on one line
 */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(
    NOT_IN_YAML,
    (character) =>
      `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
