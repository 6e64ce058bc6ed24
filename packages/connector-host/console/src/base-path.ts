/** Where the host serves the console's own paths. */
export const basePath = '/console';
