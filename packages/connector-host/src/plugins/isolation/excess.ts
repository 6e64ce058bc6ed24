/** Thrown where a connector's process keeps to no bound; it is to be ended. The message goes on from "the connector's process". */
export class Excess extends Error {}
