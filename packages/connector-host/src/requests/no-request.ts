import { HostProblem } from '../problem.js';

/** That a request which somebody names is not there: `NOT_FOUND`. */
export const noRequest = (): HostProblem =>
  new HostProblem('NOT_FOUND', 'There is no request with this id.', {
    remedy: 'Request ids are compared to the letter.',
  });
