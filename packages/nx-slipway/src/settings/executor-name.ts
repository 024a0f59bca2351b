/** As project.json names the executor that builds images. */
export const CUSTOM_BUILD = 'nx-slipway:custom-build';
