/** As project.json names the executor that builds images. */
export const CUSTOM_BUILD = 'nx-slipway:custom-build';

/** Tilt's word for an image that is only live-updated: nothing is built. */
export const NO_BUILD = ':';
