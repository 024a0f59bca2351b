/** How the names of this package's executors begin. */
export const OUR_EXECUTORS = 'nx-slipway:';
