import { updateDocuments } from '../docs/documents.mjs';
import { repositoryRoot } from '../process/repository-root.mjs';

const written = await updateDocuments({ root: repositoryRoot, mode: 'write' });
process.stdout.write(
  written.length === 0 ? 'The generated pages are up to date.\n' : `Wrote ${written.join(', ')}.\n`,
);
