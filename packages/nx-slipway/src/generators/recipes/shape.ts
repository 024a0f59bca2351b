import { nearest } from '../../report';
import { broken } from './broken';

type Json = Readonly<Record<string, unknown>>;

/** A value of a recipe.json, and where it stands, for messages. */
export class Shape {
  constructor(
    readonly value: unknown,
    private readonly file: string,
    private readonly key = '',
  ) {}

  fail(what: string): never {
    throw broken(this.key ? `${this.file}: ${this.key}` : this.file, what);
  }

  /** @throws SLIPWAY_E_RECIPE for keys that are not among `known`, and `needed` ones that are not there */
  object(known: readonly string[], needed: readonly string[] = []): this {
    const json = this.record();
    for (const name of Object.keys(json)) {
      if (known.includes(name)) continue;
      const near = nearest(name, known);
      this.fail(
        `has no "${name}"${near ? `; did you mean "${near}"?` : ''} It may hold ${known.join(', ')}`,
      );
    }
    const missing = needed.find((name) => json[name] === undefined);
    if (missing) this.fail(`lacks "${missing}"`);
    return this;
  }

  record(): Json {
    const { value } = this;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Json)
      : this.fail('is no object');
  }

  at(name: string): Shape {
    const key = this.key ? `${this.key}.${name}` : name;
    return new Shape(this.record()[name], this.file, key);
  }

  get isThere(): boolean {
    return this.value !== undefined;
  }

  text(): string {
    const { value } = this;
    return typeof value === 'string' && value !== ''
      ? value
      : this.fail('is no text');
  }

  /** @returns undefined where there is none */
  maybe<T>(read: (shape: this) => T): T | undefined {
    return this.isThere ? read(this) : undefined;
  }

  flag(): boolean {
    const { value = false } = this;
    return typeof value === 'boolean'
      ? value
      : this.fail('is neither true nor false');
  }

  /** Empty where there is none. */
  list<T>(read: (entry: Shape) => T): T[] {
    const { value = [] } = this;
    if (!Array.isArray(value)) return this.fail('is no list');
    return value.map((entry, index) =>
      read(new Shape(entry, this.file, `${this.key}[${index}]`)),
    );
  }

  regex(): string {
    const text = this.text();
    try {
      // `{{name}}` stands for some text.
      new RegExp(text.replace(/\{\{\w+\}\}/g, 'x'), 'm');
      return text;
    } catch (error) {
      return this.fail(
        `is no regular expression: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}
