import { fileURLToPath } from 'node:url';

/** The folder that holds this repository's package.json. */
export const repositoryRoot = fileURLToPath(new URL('../../', import.meta.url));
