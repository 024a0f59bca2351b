import { formatReference } from '../../image';
import { changedPaths, type FileStates } from '../../inputs';
import type { NotedBase, PodObject } from '../../live-update';
import type { SlipwayError } from '../../report';
import type { Cycle } from '../cycle';
import type { ServedImage } from '../desired';
import { faultOf } from '../fault';
import type { ImageHost } from '../image-host';
import type { SeenInputs } from '../seen';
import type { Standing } from '../standing';
import type { LiveBase } from './live-image';
import { LiveSync, type LiveNow } from './live-sync';

type Host = Pick<ImageHost, 'emit' | 'knownFiles' | 'replacePod' | 'secrets'>;

export interface ImageLiveParts {
  readonly host: Host;
  /** A container that came later does not hold what it is to hold. */
  readonly onTrouble: (error: SlipwayError) => void;
}

/** What becomes of a save without a build, for an image that one can be built of. */
export class ImageLive {
  /** Whether containers cannot be given what has changed. */
  mustBuild = false;
  private sync?: LiveSync;
  private base?: LiveBase;
  /** Of what it was last built since containers could not be given it. */
  private builtFor?: string;
  /** What was said last. */
  private said?: string;
  /** What to do so that containers can be given it, as it was said last. */
  private advice?: string;
  private readonly pods = new Map<string, readonly PodObject[]>();

  constructor(
    private spec: ServedImage,
    private readonly parts: ImageLiveParts,
  ) {
    this.open();
  }

  get isOn(): boolean {
    return this.sync !== undefined;
  }

  /** Its options have been read again. */
  respecify(spec: ServedImage): void {
    this.spec = spec;
    if (spec.live && this.sync) return this.sync.respecify(spec.live);
    void this.sync?.close();
    this.open();
  }

  setPods(set: string, pods: readonly PodObject[]): void {
    this.pods.set(set, pods);
    this.sync?.setPods(set, pods);
  }

  /**
   * An image stands: containers of others count no more.
   * @param whole the files that it, and all that it is built on, are of
   */
  stands(standing: Standing, whole: FileStates): void {
    const { image, facts, moved, hash } = standing;
    const ref = formatReference(image.deployRef.cluster);
    const isOurs = (written: string) => written === ref;
    this.base = { generation: ref, isOurs, facts, files: whole, moved };
    this.mustBuild = false;
    this.said = undefined;
    this.sync?.stands(this.base);
    if (hash !== undefined) this.remember({ hash, facts, files: whole });
  }

  /** Whether a change of these files would be brought to the containers. */
  takes(changed: readonly string[]): boolean {
    return !this.mustBuild && this.sync?.takes(changed) === true;
  }

  /**
   * @param whole the files of the image, and of those that it is built on
   * @returns undefined for an image whose containers are given nothing
   */
  async see(now: SeenInputs, whole: FileStates): Promise<LiveNow | undefined> {
    return this.sync?.see(now, whole);
  }

  isTold(now: LiveNow): boolean {
    return this.sync?.isTold(now) === true;
  }

  /** Whether the containers may hold something else. */
  brings(now: LiveNow): boolean {
    return this.sync?.brings(now) === true;
  }

  /** Whether no build is needed; if one is, it says of what. */
  suffices(now: LiveNow): boolean {
    const decision = this.mustBuild ? undefined : this.sync?.decide(now);
    if (decision?.kind !== 'build') return decision !== undefined;
    this.say(
      `an image is built: ${decision.file} changed, and ${decision.rule}`,
    );
    return false;
  }

  /**
   * @returns undefined if an image is to be built after all
   * @throws SLIPWAY_E_LIVE_RUN, and what containers cannot be given if it was
   *   built of the same already
   */
  async bring(
    now: LiveNow,
    cycle: Cycle,
  ): Promise<{ isNews: boolean } | undefined> {
    const synced = await this.sync?.sync(now, cycle);
    if (synced?.kind === 'held') return synced;
    if (synced) this.cannot(now.key, synced.error);
    return undefined;
  }

  /**
   * Containers cannot be given what has this key: it is to be built.
   * @throws the error, if it was built of the same for that already
   */
  cannot(key: string | undefined, error: SlipwayError): void {
    if (this.builtFor === key) throw error;
    this.builtFor = key;
    this.mustBuild = true;
    const { message, hint } = error;
    const isNews = hint !== undefined && hint !== this.advice;
    this.advice = hint;
    this.say(`an image is built: ${message}${isNews ? ` ${hint}` : ''}`);
  }

  /**
   * Of the image that stood when a serve ended last, if what has changed since
   * can be brought to its containers.
   */
  async lastBase(
    now: SeenInputs,
    whole: FileStates,
  ): Promise<NotedBase | undefined> {
    const last = await this.spec.live?.notes.read();
    if (!this.sync || last?.facts !== now.facts) return undefined;
    const seen = await this.sync.see(now, whole);
    const changed = changedPaths(last.files, seen.files);
    return this.sync.decideOf(changed, seen).kind === 'sync' ? last : undefined;
  }

  async close(): Promise<void> {
    await this.sync?.close();
  }

  private open(): void {
    const { name, live: served } = this.spec;
    this.sync = served && new LiveSync({ ...this.parts, name, served });
    if (!this.sync) return;
    if (this.base) this.sync.stands(this.base);
    for (const [set, pods] of this.pods) this.sync.setPods(set, pods);
  }

  private remember(base: NotedBase): void {
    this.spec.live?.notes.write(base).catch((error: unknown) => {
      const { message } = faultOf(error, this.parts.host.secrets());
      this.say(`an image is built when serve starts again: ${message}`);
    });
  }

  /** What is so of one reason is not said at each save. */
  private say(text: string): void {
    if (this.said === text) return;
    this.said = text;
    const { name: image } = this.spec;
    this.parts.host.emit({ type: 'message', level: 'info', text, image });
  }
}
