/** What is different where a connector is under development. */
export interface Develop {
  /** Port on this machine where a debugger gets into the process of a connector; absent where none does. */
  readonly inspect: number | undefined;
}
