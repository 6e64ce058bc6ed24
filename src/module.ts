export { SegmentFault } from './segment/errors.js';
