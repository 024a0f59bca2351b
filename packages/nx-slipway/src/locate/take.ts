import type { ImageUse, JsonPath } from './types';

/**
 * Is told of each image and of where it stands, and answers with the use that
 * is to be put there. The path of what stands in a text goes on in that text;
 * where several documents are in it, by the index of one.
 */
export type Take = (text: string, path: JsonPath) => ImageUse | undefined;

/** What takes images, and what takes values of environment variables. */
export interface Takers {
  readonly image: Take;
  readonly env: Take;
}

/**
 * Each place but once: a locator may lead to a container, or two to one place.
 * A value of a variable that nobody took is left to locators.
 */
export function onceEach({ image, env }: Takers): Takers {
  const seen = new Set<string>();
  return {
    image: (text, path) => {
      const key = JSON.stringify(path);
      if (seen.has(key)) return undefined;
      seen.add(key);
      return image(text, path);
    },
    env: (text, path) => {
      const use = env(text, path);
      if (use) seen.add(JSON.stringify(path));
      return use;
    },
  };
}
