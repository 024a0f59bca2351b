import {
  familiarName,
  formatPlatform,
  formatReference,
  type ImageRecord,
} from '../image';
import type { BuildPlan, SettledImage } from './plan';

/** What is remembered of a build: no host, no digest, no time (design 1). */
export function recordOf(
  { imageName, platform }: BuildPlan,
  { contentId, ref }: Pick<SettledImage, 'contentId' | 'ref'>,
  inputHash: string,
): ImageRecord {
  return {
    schema: 1,
    name: familiarName(imageName),
    contentId,
    platform: formatPlatform(platform),
    inputHash,
    ...(ref && { ref: formatReference(ref) }),
  };
}
