/**
 * An annotation of pods that hold other files than their images: serve writes it
 * before it touches one, and deploy replaces those that have it.
 */
export const LIVE_UPDATE = 'nx-slipway.dev/live-update';
