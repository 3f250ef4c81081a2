import { config } from 'zod';

// Imported before any schema: zod otherwise probes whether code may be made from text, which the page's
// content security policy forbids and the browser reports.
config({ jitless: true });
