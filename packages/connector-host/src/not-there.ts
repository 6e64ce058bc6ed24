/** That what somebody names by its id is not there: `NOT_FOUND`, with where to see what is. */
import { HostProblem } from './problem.js';

const notThere = (what: string, remedy: string): HostProblem =>
  new HostProblem('NOT_FOUND', `There is no ${what}.`, { remedy });

/** A request. */
export const noRequest = (): HostProblem => notThere('request with this id', 'Request ids are compared to the letter.');

/** A connection, or it was removed. */
export const noConnection = (): HostProblem =>
  notThere('connection with this id, or it was removed', 'List the connections to see their ids.');

/** A work item. */
export const noWorkItem = (): HostProblem => notThere('work item with this id', 'List the work to see its ids.');

/** An operation. */
export const noOperation = (id: number): HostProblem =>
  notThere(`operation ${id}`, 'A request names the operations that carry it.');

/** A delivery of a notice. */
export const noDelivery = (): HostProblem => notThere('delivery with this id', 'List the deliveries to see their ids.');
