export const DEPLOY = 'nx-slipway:deploy';
