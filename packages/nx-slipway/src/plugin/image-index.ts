import {
  canonicalName,
  formatReference,
  referenceIn,
  type ImageReference,
} from '../image';
import { matcherOf, type ImageUse, type Match } from '../locate';
import type { DeclaredBuild } from './builds';
import type { ImageText } from './image-texts';

/** Which targets build what stands in manifests. */
export class ImageIndex {
  private readonly builds = new Map<ImageUse, DeclaredBuild>();
  private readonly names = new Map<string, DeclaredBuild[]>();
  /** Names without their registries, of which a chart may be told apart. */
  private readonly paths = new Map<string, DeclaredBuild[]>();
  /** Whether a value of a variable may be an image of this workspace. */
  readonly looksAtEnv: boolean;
  private readonly image: Match;
  private readonly env: Match;

  constructor(builds: readonly DeclaredBuild[]) {
    for (const build of builds) {
      if (!build.isBuilt) continue;
      for (const name of build.images) {
        const { matchInEnvVars } = build;
        this.builds.set({ name, deployRef: name, matchInEnvVars }, build);
        add(this.names, canonicalName(name), build);
        add(this.paths, name.path, build);
      }
    }
    const uses = [...this.builds.keys()];
    this.image = matcherOf(uses);
    const inEnv = uses.filter(({ matchInEnvVars }) => matchInEnvVars);
    this.looksAtEnv = inEnv.length > 0;
    this.env = matcherOf(inEnv);
  }

  /** The builds of images that stand in manifests, by the rules of injection. */
  standing(texts: readonly ImageText[]): DeclaredBuild[] {
    const found = texts.flatMap(({ text, isEnv }) => {
      const use = isEnv ? this.env(text) : this.image(text);
      return use ? this.ofUse(use) : [];
    });
    return [...new Set(found)];
  }

  /**
   * The builds whose names stand anywhere in a text that only a tool can make
   * manifests of (design 2.9): rather too many than too few.
   */
  mentioned(text: string): DeclaredBuild[] {
    const found = new Set<DeclaredBuild>();
    for (const word of new Set(text.match(WORDS))) {
      const text = word.replace(TAIL, '');
      const ref = referenceIn(text);
      if (!ref) continue;
      const named = this.names.get(canonicalName(ref)) ?? [];
      const ofPath = this.paths.get(text.replace(TAG, '')) ?? [];
      for (const build of [...named, ...ofPath]) {
        found.add(build);
      }
    }
    return [...found].filter((build) => !this.isClaimedTwice(build));
  }

  /** The one build of an image of that name, whatever its tag. */
  named(name: ImageReference): DeclaredBuild | undefined {
    const [build, ...others] = new Set(this.names.get(canonicalName(name)));
    return others.length === 0 ? build : undefined;
  }

  /** Of two that claim one image, `deploy` names both and takes neither. */
  private ofUse(use: ImageUse): DeclaredBuild[] {
    const build = this.builds.get(use);
    return build && !this.isClaimedTwice(build) ? [build] : [];
  }

  private isClaimedTwice(build: DeclaredBuild): boolean {
    return build.images.some((image) =>
      (this.names.get(canonicalName(image)) ?? []).some(
        (other) =>
          other !== build &&
          other.images.some(
            (one) => formatReference(one) === formatReference(image),
          ),
      ),
    );
  }
}

/** As much of a text as can be the name of an image, with its tag. */
const WORDS = /[A-Za-z0-9][\w.\-/:@]*/g;
/** Of a sentence, or of a tag that a template fills in. Linear in its length. */
const TAIL = /(?<![:./@-])[:./@-]+$/;
const TAG = /[:@].*$/;

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const there = map.get(key);
  if (there) there.push(value);
  else map.set(key, [value]);
}
