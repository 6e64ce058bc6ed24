/** The path under which the host is reached, with a slash at its end; the host writes it into the page. */
const root = document.querySelector('base')?.getAttribute('href') ?? '/';

/** Where the host serves the console's own paths. */
export const basePath = `${root}console`;

/** Where the host says whether it can do its work. */
export const readyPath = `${root}readyz`;

/** Where the host's API is. */
export const apiPath = `${root}api/v1`;
