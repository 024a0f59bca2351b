/** One option in a schema.json, as far as a table tells of it. */
export interface OptionSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly oneOf?: readonly OptionSchema[];
  readonly anyOf?: readonly OptionSchema[];
  readonly items?: OptionSchema;
  readonly properties?: Readonly<Record<string, OptionSchema>>;
  readonly default?: unknown;
  readonly description?: string;
  readonly $default?: { readonly $source: string };
  readonly 'x-priority'?: string;
  readonly 'x-deprecated'?: string | boolean;
}

export interface OptionsSchema {
  readonly properties: Readonly<Record<string, OptionSchema>>;
  readonly required?: readonly string[];
}

/** Some of the options: `only` those, or all `without` those. */
export interface Choice {
  readonly only?: readonly string[];
  readonly without?: readonly string[];
}

/** How much of a description a table has room for. Characters. */
const ROOM = 230;

/**
 * The options of a schema as a table in Markdown, in the order of the schema.
 * @throws an error for an option of the choice that the schema has not
 */
export function optionsTable(
  { properties, required = [] }: OptionsSchema,
  choice: Choice = {},
): string {
  const { only, without = [] } = choice;
  for (const name of [...(only ?? []), ...without]) {
    if (!(name in properties)) throw new Error(`There is no option ${name}.`);
  }
  const rows = Object.entries(properties)
    .filter(
      ([name]) => (only?.includes(name) ?? true) && !without.includes(name),
    )
    .filter(([, option]) => option['x-priority'] !== 'internal')
    .map(([name, option]) => {
      const { said, text } = described(option);
      const fallback = required.includes(name) ? 'required' : said;
      return [
        code(name),
        typeOf(option),
        'default' in option ? code(shown(option.default)) : fallback,
        text,
      ];
    });
  const lines = [['option', 'type', 'default', ''], rule(4), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

const rule = (count: number): string[] => Array<string>(count).fill('---');

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;

const shown = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

function typeOf(option: OptionSchema): string {
  const { enum: words, const: word, properties, type } = option;
  const alternatives = option.oneOf ?? option.anyOf;
  if (words) return words.map((one) => code(shown(one))).join(', ');
  if (word !== undefined) return code(shown(word));
  if (alternatives) {
    return [...new Set(alternatives.map(typeOf))].join(' or ');
  }
  if (Array.isArray(type)) return type.join(' or ');
  if (type === 'array') return 'list';
  if (type === 'integer') return 'number';
  if (type === 'object' && properties) {
    return code(`{ ${Object.keys(properties).join(', ')} }`);
  }
  return String(type ?? 'any');
}

/** A full stop, and what begins a sentence behind it. */
const BETWEEN = /(?<=[.?!]) (?=[A-Z"$\\`{:])/;
const DEFAULT = /^Default: (.+)\.$/;

/** What is said, as far as there is room, and what is said of a default. */
function described({ description = '' }: OptionSchema) {
  const sentences = description.split(BETWEEN);
  const [, said = ''] =
    sentences.map((one) => DEFAULT.exec(one)).find((one) => one) ?? [];
  const [first = '', ...others] = sentences.filter((one) => !DEFAULT.test(one));
  let text = first;
  for (const sentence of others) {
    if (text.length + sentence.length >= ROOM) break;
    text += ` ${sentence}`;
  }
  return { said: plain(said), text: plain(text) };
}

/** Variables and what Nx replaces, which Markdown and its formulas garble. */
const NAMES = /(?<!`)(?:\$[A-Z_]+|\{[A-Za-z]+\}(?:\/[\w./-]*\w)?)(?!`)/g;

/** Text that Markdown takes as it is, but for code between backticks. */
function plain(text: string): string {
  return text
    .replace(NAMES, '`$&`')
    .split(/(`[^`]*`)/)
    .map((part) =>
      part.startsWith('`')
        ? part.replaceAll('|', '\\|')
        : part.replace(/[|*<\\]/g, '\\$&'),
    )
    .join('');
}
