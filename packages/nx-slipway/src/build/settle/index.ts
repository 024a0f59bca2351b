export { taggedOn } from './in-docker';
export { settle } from './settle';
